/* Registering while on the phone: Enter goes on to what is asked next, so that nobody reaches for the mouse.

From the number of the caller to the customer when there are several, else to the kind; from the customer to the kind. */

let going = false; // Enter came before the answer

function phone(): HTMLInputElement | null {
  return document.querySelector<HTMLInputElement>("#phone[form=find]");
}

function goOn(): void {
  going = false;
  const found = [...document.querySelectorAll<HTMLInputElement>("#callers input[name=customer]")];
  const one = found.find((customer) => customer.checked && customer.value);
  const name = document.querySelector<HTMLInputElement>("#callers input[name=name]");
  if (one?.value === "new" && name && !name.value) name.focus();
  else if (one || found.length === 0) toKind();
  else found[0]?.focus();
}

function toKind(): void {
  const kinds = [...document.querySelectorAll<HTMLInputElement>("#register input[name=kind]")];
  (kinds.find((kind) => kind.checked) ?? kinds[0])?.focus();
}

document.addEventListener("keydown", (event) => {
  const field = event.target as HTMLInputElement;
  if (event.key !== "Enter" || event.isComposing || event.keyCode === 229 || !phone()) return;
  if (field === phone() && field.value.trim()) {
    const answered = document.querySelector<HTMLInputElement>("#callers input[name=caller]")?.value === field.value;
    if (answered) goOn();
    else going = true;
  } else if (field.name === "customer" && field.closest("#callers")) toKind();
  else return;
  event.preventDefault();
});

document.addEventListener("htmx:afterSettle", (event) => {
  const answered = document.querySelector<HTMLInputElement>("#callers input[name=caller]")?.value === phone()?.value;
  if (going && answered && (event.target as Element).id === "callers") goOn();
});
