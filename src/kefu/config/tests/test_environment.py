import pytest

from kefu.config.environment import BadVariable, Environment


@pytest.mark.parametrize(
    ("variable", "value", "read"),
    [
        ("KEFU_DEBUG", "maybe", lambda env: env.flag("KEFU_DEBUG")),
        (
            "KEFU_LANGUAGE",
            "de",
            lambda env: env.choice("KEFU_LANGUAGE", {"zh-hans": "", "en": ""}, "zh-hans"),
        ),
        ("KEFU_TIME_ZONE", "Mars", lambda env: env.zone("KEFU_TIME_ZONE", "Asia/Shanghai")),
        ("KEFU_ALLOWED_HOSTS", "https://a.org", lambda env: env.hosts("KEFU_ALLOWED_HOSTS", "")),
        ("KEFU_URL", "kefu.example.org", lambda env: env.url("KEFU_URL")),
        ("KEFU_URL", "https://a:b", lambda env: env.url("KEFU_URL")),
        ("KEFU_EMBED_ORIGINS", "https://a.org,b.org", lambda env: env.origins("KEFU_EMBED_ORIGINS")),
        ("KEFU_DELIVER_MAIL", "pigeon", lambda env: env.delivery("KEFU_DELIVER_MAIL")),
        ("KEFU_DELIVER_PHONE", "smtp", lambda env: env.delivery("KEFU_DELIVER_PHONE")),
        ("KEFU_SMTP", "mail.example.org", lambda env: env.smtp("KEFU_SMTP")),
        ("KEFU_SMTP", "smtp://a:b@c:d", lambda env: env.smtp("KEFU_SMTP")),
        ("KEFU_HOME", __file__, lambda env: env.folder("KEFU_HOME", "var")),
    ],
)
def test_a_bad_value_is_refused_by_the_name_of_its_variable(variable, value, read):
    with pytest.raises(BadVariable, match=f"^{variable}: "):
        read(Environment({variable: value}))


@pytest.mark.parametrize(
    "value", ["mysql://x/y", "sqlite:", "postgresql://host", "postgresql://h:port/x", "x"]
)
def test_an_unknown_database_is_refused_by_name(value, tmp_path):
    with pytest.raises(BadVariable, match=r"^KEFU_DATABASE: "):
        Environment({"KEFU_DATABASE": value}).database("KEFU_DATABASE", tmp_path)


def test_without_a_variable_the_database_is_a_file_in_the_home_folder(tmp_path):
    assert Environment({}).database("KEFU_DATABASE", tmp_path)["NAME"] == str(tmp_path / "kefu.sqlite3")


def test_a_postgresql_address_may_name_a_socket_folder_and_an_escaped_password(tmp_path):
    address = "postgresql://kefu:a%40b@/desk?host=/run/pg"

    entry = Environment({"KEFU_DATABASE": address}).database("KEFU_DATABASE", tmp_path)

    assert (entry["NAME"], entry["USER"], entry["PASSWORD"], entry["HOST"]) == (
        "desk",
        "kefu",
        "a@b",
        "/run/pg",
    )


def test_a_secret_key_is_made_once_and_only_its_owner_may_read_it(tmp_path):
    home = Environment({"KEFU_HOME": str(tmp_path / "home")}).folder("KEFU_HOME", "var")

    first = Environment({}).secret_key("KEFU_SECRET_KEY", home)

    assert len(first) >= 50
    assert Environment({}).secret_key("KEFU_SECRET_KEY", home) == first
    assert (home / "secret_key").stat().st_mode & 0o777 == 0o600


def test_a_short_secret_key_is_refused_by_name(tmp_path):
    with pytest.raises(BadVariable, match=r"^KEFU_SECRET_KEY: shorter"):
        Environment({"KEFU_SECRET_KEY": "short"}).secret_key("KEFU_SECRET_KEY", tmp_path)


def test_a_mail_server_is_read_with_its_port_user_and_kind_of_encryption():
    env = Environment({"A": "smtp://kefu%40a.org:p%3Aw@mail.a.org:587", "B": "smtps://mail.a.org"})

    assert env.smtp("A") == ("mail.a.org", 587, "kefu@a.org", "p:w", False, True)
    assert env.smtp("B") == ("mail.a.org", 465, "", "", True, False)
    assert env.smtp("C") == ("localhost", 25, "", "", False, False)


def test_origins_stand_apart_by_commas():
    assert Environment({"A": "https://a.org, http://b.org:8080"}).origins("A") == [
        "https://a.org",
        "http://b.org:8080",
    ]
