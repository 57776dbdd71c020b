/* Many rows at once: a box that ticks all of a page, and a choice that picks the button it belongs to.

  data-check-all="case"   ticks or clears every box of that name in its form
  data-picks="assign"     something chosen in it means this verb of the form */

document.addEventListener("change", (event) => {
  const field = event.target;
  if (field instanceof HTMLInputElement && field.dataset.checkAll) {
    for (const box of field.form?.elements ?? []) {
      if (box instanceof HTMLInputElement && box.name === field.dataset.checkAll) box.checked = field.checked;
    }
  }
  if (field instanceof HTMLSelectElement && field.dataset.picks) {
    const verb = field.form?.querySelector<HTMLInputElement>(`input[type=radio][value="${field.dataset.picks}"]`);
    if (verb) verb.checked = true;
  }
});
