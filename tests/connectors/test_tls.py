"""TLS towards every target: always verified, our certificate where wanted, never retried without (F31, S25)."""

import ssl
from pathlib import Path
from socket import create_server
from threading import Thread

import pytest
import trustme

from connectors.http import HttpChannel, HttpTarget, Question, Retries
from connectors.translation import translated
from domain.errors import ContractBrokenError, SettingsError, SyncError, UnavailableError
from sandbox.http_server import HttpService, json_response
from tests.connectors.conftest import Scripted


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def ca_bundle(authority: trustme.CA, tmp_path: Path) -> Path:
    path = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(str(path))
    return path


def server_context(authority: trustme.CA, name: str = "127.0.0.1", *, client_wanted: bool = False) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(name).configure_cert(context)
    if client_wanted:
        context.verify_mode = ssl.CERT_REQUIRED
        authority.configure_trust(context)
    return context


def client_files(authority: trustme.CA, folder: Path) -> tuple[Path, Path]:
    ours = authority.issue_cert("cii-sync.example")
    certificate, key = folder / "client.pem", folder / "client.key"
    ours.cert_chain_pems[0].write_to_path(str(certificate))
    ours.private_key_pem.write_to_path(str(key))
    return certificate, key


@pytest.fixture
def asked() -> Scripted:
    return Scripted(script=[json_response({"ok": True})])


def ask(target: HttpTarget, *, write: bool = False) -> object:
    with translated("peer", "ask", write=write) as call:
        return HttpChannel(target).send(call, Question("GET")).json()


def test_a_certificate_of_our_authority_is_trusted(authority: trustme.CA, ca_bundle: Path, asked: Scripted) -> None:
    with HttpService(asked, tls=server_context(authority)) as service:
        assert ask(HttpTarget("peer", service.url, ca_bundle=ca_bundle)) == {"ok": True}


@pytest.mark.parametrize("write", [False, True])
def test_f31_an_unknown_authority_is_never_trusted_nor_tried_again(
    authority: trustme.CA, asked: Scripted, write: bool
) -> None:
    retries = Retries(attempts=5, first_wait=0.0)
    with HttpService(asked, tls=server_context(authority)) as service, pytest.raises(ContractBrokenError) as caught:
        ask(HttpTarget("peer", service.url, retries=retries), write=write)
    assert caught.value.code == "TLS_CERTIFICATE"
    assert asked.requests == []


def test_our_own_authority_alone_counts_where_one_is_given(authority: trustme.CA, tmp_path: Path) -> None:
    other = tmp_path / "other.pem"
    trustme.CA().cert_pem.write_to_path(str(other))
    asked = Scripted(script=[json_response({})])
    with HttpService(asked, tls=server_context(authority)) as service, pytest.raises(ContractBrokenError):
        ask(HttpTarget("peer", service.url, ca_bundle=other))


def test_f31_a_certificate_of_another_name_is_not_trusted(
    authority: trustme.CA, ca_bundle: Path, asked: Scripted
) -> None:
    context = server_context(authority, "elsewhere.example")
    with HttpService(asked, tls=context) as service, pytest.raises(ContractBrokenError) as caught:
        ask(HttpTarget("peer", service.url, ca_bundle=ca_bundle))
    assert caught.value.code == "TLS_CERTIFICATE"


def test_f31_plain_http_where_tls_is_expected(ca_bundle: Path, asked: Scripted) -> None:
    with HttpService(asked) as service, pytest.raises(ContractBrokenError) as caught:
        ask(HttpTarget("peer", service.url.replace("http:", "https:"), ca_bundle=ca_bundle))
    assert caught.value.code == "TLS"


def test_a_client_certificate_is_shown_where_it_is_demanded(
    authority: trustme.CA, ca_bundle: Path, tmp_path: Path, asked: Scripted
) -> None:
    certificate, key = client_files(authority, tmp_path)
    with HttpService(asked, tls=server_context(authority, client_wanted=True)) as service:
        target = HttpTarget("peer", service.url, ca_bundle=ca_bundle, client_certificate=certificate, client_key=key)
        assert ask(target, write=True) == {"ok": True}


@pytest.mark.parametrize("write", [False, True])
def test_without_the_client_certificate_nothing_is_done(
    authority: trustme.CA, ca_bundle: Path, asked: Scripted, write: bool
) -> None:
    context = server_context(authority, client_wanted=True)
    with HttpService(asked, tls=context) as service, pytest.raises(SyncError) as caught:
        ask(HttpTarget("peer", service.url, ca_bundle=ca_bundle, retries=Retries(attempts=1)), write=write)
    # The server may reset before its alert is read: then a write is unknown, which is the careful side.
    assert caught.value.code in {"TLS_ALERT", "CONNECTION"}
    assert asked.requests == []


def test_a_key_that_does_not_fit_is_a_setting_to_correct(authority: trustme.CA, tmp_path: Path) -> None:
    certificate, key = client_files(authority, tmp_path)
    authority.issue_cert("other.example").private_key_pem.write_to_path(str(key))
    with pytest.raises(SettingsError, match="do not fit"):
        HttpChannel(HttpTarget("peer", "https://cii.example", client_certificate=certificate, client_key=key))


def test_a_server_that_ends_in_mid_handshake_is_unavailable(ca_bundle: Path) -> None:
    with create_server(("127.0.0.1", 0)) as listener:

        def hang_up() -> None:
            connection, _ = listener.accept()
            connection.recv(1)
            connection.close()

        thread = Thread(target=hang_up)
        thread.start()
        url = f"https://127.0.0.1:{listener.getsockname()[1]}"
        with pytest.raises(UnavailableError):
            ask(HttpTarget("peer", url, ca_bundle=ca_bundle, retries=Retries(attempts=1)), write=True)
        thread.join()
