"""The key file: ours alone, never overwritten, refused when anything about it is wrong; no key in any message."""

import base64
import json
import stat
from pathlib import Path

import pytest

from domain.errors import SettingsError
from store.key_file import new_keys, read_keys, write_keys
from store.sealing import KeyRing


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state" / "cii.key"


def test_a_key_file_is_read_as_it_was_written(path: Path) -> None:
    keys = new_keys()

    write_keys(path, keys)

    assert read_keys(path) == keys
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [file.name for file in path.parent.iterdir()] == ["cii.key"]


def test_keys_are_never_overwritten(path: Path) -> None:
    KeyRing.create(path)
    before = path.read_bytes()

    with pytest.raises(SettingsError, match="never overwritten"):
        KeyRing.create(path)

    assert path.read_bytes() == before
    assert [file.name for file in path.parent.iterdir()] == ["cii.key"]


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644, 0o660])
def test_a_file_that_others_can_read_is_refused(path: Path, mode: int) -> None:
    KeyRing.create(path)
    path.chmod(mode)

    with pytest.raises(SettingsError, match=rf"mode {mode:o}.*chmod 600"):
        KeyRing.load(path)


def test_a_missing_file_says_what_to_do(path: Path) -> None:
    with pytest.raises(SettingsError, match="cii-sync db upgrade"):
        KeyRing.load(path)


def test_a_folder_in_its_place_is_a_clear_error(path: Path) -> None:
    path.mkdir(parents=True)

    with pytest.raises(SettingsError, match="cannot be read"):
        KeyRing.load(path)


def test_a_place_that_cannot_be_written_is_a_clear_error() -> None:
    with pytest.raises(SettingsError, match="cannot be written"):
        KeyRing.create(Path("/proc/none/cii.key"))


def damaged() -> dict[str, bytes]:
    keys = {"k": base64.b64encode(bytes(32)).decode()}
    family = {"current": "k", "keys": keys}
    whole = {"format": 1, "seal": family, "lookup": family}
    return {
        "empty": b"",
        "no json": b"\x00\xff secret-material",
        "a list": b"[]",
        "no families": b'{"format": 1}',
        "another format": json.dumps({**whole, "format": 2}).encode(),
        "no current key": json.dumps({**whole, "seal": {"current": "x", "keys": keys}}).encode(),
        "a short key": json.dumps({**whole, "seal": {"current": "k", "keys": {"k": "c2VjcmV0"}}}).encode(),
        "no base64": json.dumps({**whole, "seal": {"current": "k", "keys": {"k": "secret-material"}}}).encode(),
        "keys of the wrong sort": json.dumps({**whole, "seal": {"current": "k", "keys": [1]}}).encode(),
        "cut short": json.dumps(whole).encode()[:-20],
    }


@pytest.mark.parametrize("raw", damaged().values(), ids=damaged().keys())
def test_a_damaged_file_is_refused_without_a_word_of_it(path: Path, raw: bytes) -> None:
    path.parent.mkdir()
    path.touch(mode=0o600)
    path.write_bytes(raw)

    with pytest.raises(SettingsError, match="damaged") as caught:
        KeyRing.load(path)

    assert "secret" not in str(caught.value)
    assert caught.value.__cause__ is None
