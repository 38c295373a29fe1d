"""The only reader of the environment: ``CII_*`` variables and secret files into settings, or every fault at once.

An empty variable counts as not set (compose files pass them so). A secret ``X`` can come from a file named by
``X_FILE``. A variable that starts with ``CII_`` and is not ours is a fault; ``CII_TEST_*`` belongs to the tests.
"""

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, SecretStr, ValidationError

from config.setting_faults import PREFIX, SettingFault, faults_of, variable_name
from config.setting_types import is_readable_file
from config.settings import Settings, StoreSettings
from domain.errors import SettingsError

FROM_FILE = "_FILE"
RESERVED = PREFIX + "TEST_"
MAX_SECRET_BYTES = 64 * 1024

Wanted = TypeVar("Wanted", bound=StoreSettings)


def load(environ: Mapping[str, str]) -> Settings:
    """Everything the application needs; raises :class:`SettingsError` that lists every fault, and no value."""
    return _or_raise(*read(Settings, environ))


def load_store(environ: Mapping[str, str]) -> StoreSettings:
    """What ``db upgrade`` needs: targets may still be unset, but a wrong or unknown variable is a fault here too."""
    return _or_raise(*read(StoreSettings, environ))


def read(wanted: type[Wanted], environ: Mapping[str, str]) -> tuple[Wanted | None, list[SettingFault]]:
    """The settings, or None beside the faults that stand in the way; both when only unknown names are at fault."""
    given, faults = _variables(environ)
    settings, wrong = _validated(wanted, given)
    told = {one.setting.removesuffix(FROM_FILE) for one in faults}
    return settings, [*faults, *(one for one in wrong if one.setting not in told)]


def known_variables() -> Mapping[str, str]:
    """Every variable that may be set, with its purpose; secrets also by file."""
    plain = purposes(Settings)
    files = {name + FROM_FILE: f"file that holds: {plain[name]}" for name in sorted(secret_variables())}
    return {**plain, **files}


def purposes(model: type[BaseModel]) -> dict[str, str]:
    """The variables of a group of settings with what each is for."""
    return {variable_name(*path): purpose for path, purpose, _ in _leaves(model)}


def secret_variables() -> frozenset[str]:
    """The variables whose value must never be shown."""
    return frozenset(variable_name(*path) for path, _, secret in _leaves(Settings) if secret)


def _leaves(model: type[BaseModel], above: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], str, bool]]:
    """Path, purpose and secrecy of every single setting below a group."""
    for name, field in model.model_fields.items():
        annotation = field.annotation
        if isinstance(annotation, type) and issubclass(annotation, BaseModel):
            yield from _leaves(annotation, (*above, name))
        else:
            yield (*above, name), field.description or "", _holds_secret(annotation)


def _holds_secret(annotation: object) -> bool:
    """Whether a secret is somewhere in an annotation, below ``Annotated`` or ``| None``."""
    return annotation is SecretStr or any(_holds_secret(inner) for inner in get_args(annotation))


def _variables(environ: Mapping[str, str]) -> tuple[dict[str, str], list[SettingFault]]:
    """Our variables that are set, secret files read; faults for names that are not ours and files that fail."""
    known = known_variables()
    secrets = secret_variables()
    given: dict[str, str] = {}
    faults: list[SettingFault] = []
    for name, value in sorted(environ.items()):
        if not name.upper().startswith(PREFIX) or name.startswith(RESERVED) or not value.strip():
            continue
        if name not in known:
            faults.append(_unknown(name, known))
        elif (secret := name.removesuffix(FROM_FILE)) in secrets and secret != name:
            if environ.get(secret, "").strip():
                faults.append(SettingFault(name, "is set beside " + secret, "set only one of them"))
                continue
            text, wrong = _secret_in(name, Path(value))
            given.update({secret: text} if text is not None else {})
            faults.extend(wrong)
        else:
            given[name] = value.strip()
    return given, faults


def _unknown(name: str, known: Mapping[str, str]) -> SettingFault:
    """A name that nobody reads, with the nearest that somebody does."""
    shown = name if name.isascii() and name.isidentifier() else ascii(name)
    near = get_close_matches(name.upper(), known, n=1)
    remedy = f"did you mean {near[0]}?" if near else "remove it; .env.example lists all settings"
    return SettingFault(shown, "is not a setting", remedy)


def _secret_in(name: str, path: Path) -> tuple[str | None, list[SettingFault]]:
    """The secret that a file holds, without the line end that editors add."""
    try:
        raw = path.read_bytes() if is_readable_file(path) else None
        text = raw.decode("utf-8").rstrip("\r\n") if raw is not None and len(raw) <= MAX_SECRET_BYTES else None
    except (OSError, ValueError):
        text = None
    if text is None:
        return None, [SettingFault(name, "names a file that cannot be read", "write the path of a readable text file")]
    if not text.strip():
        return None, [SettingFault(name, "names an empty file", "write the secret into it")]
    return text, []


def _validated(wanted: type[Wanted], given: Mapping[str, str]) -> tuple[Wanted | None, list[SettingFault]]:
    """The settings from their variables; every group that has a mandatory setting is opened so that all are named."""
    tree: dict[str, Any] = {}
    for path, _, _ in _leaves(wanted):
        branch = tree
        for step in path[:-1]:
            branch = branch.setdefault(step, {})
        if (value := given.get(variable_name(*path))) is not None:
            branch[path[-1]] = value
    try:
        return wanted.model_validate(tree), []
    except ValidationError as error:
        return None, faults_of(error, purposes(Settings))


def _or_raise(settings: Wanted | None, faults: list[SettingFault]) -> Wanted:
    """The settings if nothing at all is wrong."""
    if settings is None or faults:
        raise SettingsError(tuple(str(one) for one in sorted(faults)))
    return settings
