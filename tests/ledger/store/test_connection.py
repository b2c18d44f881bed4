"""Whatever a URL says about how to connect survives; our settings come on top."""

from psycopg.conninfo import conninfo_to_dict

from ledger.store.connection import conninfo, session


def test_several_hosts_sockets_and_tls_survive() -> None:
    url = (
        "postgresql://app:p%40ss@one:5432,two:5433/billing"
        "?target_session_attrs=primary&sslmode=verify-full&sslrootcert=/etc/ca.pem"
    )

    given = conninfo_to_dict(conninfo(url, {}))

    assert given["host"] == "one,two"
    assert given["port"] == "5432,5433"
    assert given["password"] == "p@ss"
    assert given["target_session_attrs"] == "primary"
    assert given["sslmode"] == "verify-full"
    assert given["sslrootcert"] == "/etc/ca.pem"


def test_a_socket_folder_survives() -> None:
    given = conninfo_to_dict(conninfo("postgresql:///billing?host=/var/run/postgresql", {}))

    assert given["host"] == "/var/run/postgresql"


def test_a_host_that_takes_writes_is_looked_for_by_default() -> None:
    given = conninfo_to_dict(conninfo("postgresql://one,two/billing", {}))

    assert given["target_session_attrs"] == "read-write"


def test_our_settings_are_added_to_the_urls_own_options() -> None:
    url = "postgresql://one/billing?options=-c%20search_path%3Dmine"

    given = conninfo_to_dict(conninfo(url, session("writer", 5.0)))

    assert given["options"] == (
        "-c search_path=mine -c role=writer -c statement_timeout=4000ms"
        " -c idle_in_transaction_session_timeout=4000ms"
        " -c default_transaction_isolation=read\\ committed"
    )


def test_a_role_the_url_names_is_spoken_as_whatever_is_asked_for() -> None:
    url = conninfo("postgresql://one/billing", {"role": "auditor"})

    given = conninfo_to_dict(conninfo(url, {"role": "writer", "timezone": "UTC"}))

    assert given["options"] == "-c role=auditor -c timezone=UTC"
