"""Spoils a finished answer as a switched-on fault says: each function takes the right bytes and returns wrong ones."""

import re
from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from types import MappingProxyType

from lxml import etree

from sandbox.faults import Fault
from sandbox.plasta.contract import TYPES, XSI, plasta_contract
from sandbox.plasta.fault_kinds import ENTITY_BOMB, EXTERNAL_ENTITY

STRANGER = "99999999"
_TEXTS = re.compile(rb"(?<=[^>])</t:(name|vorname|ort|textFr|bezeichnungFr|nameFr|url|titel)>")
_DAY = re.compile(rb"(\d{4})-(\d\d)-(\d\d)-00\.00\.00\.0")


def spoil(answer: bytes, faults: Mapping[str, Fault]) -> bytes:
    """Return the answer after all faults that change a finished answer, in the order they were switched on."""
    for kind, fault in faults.items():
        if kind in _ON_TREES:
            root = etree.fromstring(answer)
            _ON_TREES[kind](root, fault)
            answer = etree.tostring(root, xml_declaration=True, encoding="UTF-8")
        elif kind in _ON_BYTES:
            answer = _ON_BYTES[kind](answer, fault)
    return answer


def _all(root: etree._Element, name: str) -> Iterator[etree._Element]:
    return iter(list(root.iter(f"{{{TYPES}}}{name}")))


def _padded(root: etree._Element, _fault: Fault) -> None:
    for item in _all(root, "returnCode"):
        item.text = f"  {item.text} \n "


def _warned(root: etree._Element, fault: Fault) -> None:
    code = fault.code or "ZAS_ABGLEICH_NOETIG"
    for item in root.iter(f"{{{TYPES}}}meldungArray"):
        message = etree.SubElement(item, f"{{{TYPES}}}meldungArrayItem")
        for name, value in (("typ", "WARNING"), ("key", code), ("werteArray", None)):
            etree.SubElement(message, f"{{{TYPES}}}{name}").text = value


def _nil(root: etree._Element, _fault: Fault) -> None:
    answer = next(item for item in root.iter() if str(item.tag).endswith("Return"))
    operation = etree.QName(answer).localname.removesuffix("Return")
    _nil_leaves(answer, f"{operation[0].upper()}{operation[1:]}Resultat")


def _nil_leaves(parent: etree._Element, type_name: str) -> None:
    known = plasta_contract().types
    for item in parent:
        child = known[type_name][etree.QName(item).localname]
        if child.type_name in known:
            _nil_leaves(item, child.type_name)
        elif child.nillable:
            item.text = None
            item.set(f"{{{XSI}}}nil", "true")


def _coded(root: etree._Element, fault: Fault) -> None:
    for item in _all(root, fault.options.get("element", "status")):
        if item.text:
            item.text = fault.code or "97"


def _dated(root: etree._Element, fault: Fault) -> None:
    for item in _all(root, fault.options.get("element", "geburtsdatum")):
        if item.text:
            item.text = "1979-02-30-00.00.00.0"


def _checked_wrongly(root: etree._Element, _fault: Fault) -> None:
    for item in _all(root, "svNr"):
        if item.text:
            item.text = item.text[:-1] + str((int(item.text[-1]) + 1) % 10)


def _swapped(root: etree._Element, _fault: Fault) -> None:
    for item in _all(root, "personenNr"):
        item.text = STRANGER


def _row_missing(root: etree._Element, _fault: Fault) -> None:
    for rows in _all(root, "stesListeZeileArray"):
        rows.remove(rows[len(rows) // 2])


def _row_twice(root: etree._Element, _fault: Fault) -> None:
    for rows in _all(root, "stesListeZeileArray"):
        rows.insert(0, deepcopy(rows[0]))


def _left_out(root: etree._Element, fault: Fault) -> None:
    for item in _all(root, fault.options.get("element", "ojbVersion")):
        parent = item.getparent()
        if parent is not None:
            parent.remove(item)


def _grown(root: etree._Element, _fault: Fault) -> None:
    for item in list(root.iter()):
        if str(item.tag).endswith("Item"):
            etree.SubElement(item, f"{{{TYPES}}}neuesFeld").text = "neu"


def _with_control_characters(answer: bytes, fault: Fault) -> bytes:
    sign = b"&#1;" if fault.options.get("form") == "reference" else b"\x01"
    spoilt, places = _TEXTS.subn(lambda found: sign + found.group(), answer)
    return spoilt if places else answer.replace(b"</t:returnCode>", sign + b"</t:returnCode>")


def _of_another_operation(answer: bytes, _fault: Fault) -> bytes:
    other = b"getCode" if b"getRavAdressenR" in answer else b"getRavAdressen"
    return re.sub(rb"(</?p:)\w+?(Response|Return)", rb"\1" + other + rb"\2", answer)


_ON_TREES: Mapping[str, Callable[[etree._Element, Fault], None]] = MappingProxyType(
    {
        "padded_return_code": _padded,
        "warning_under_ok": _warned,
        "nil_everywhere": _nil,
        "unknown_code": _coded,
        "bad_date": _dated,
        "wrong_check_digit": _checked_wrongly,
        "person_swapped": _swapped,
        "list_row_missing": _row_missing,
        "list_row_twice": _row_twice,
        "missing_element": _left_out,
        "extra_element": _grown,
    }
)
_ON_BYTES: Mapping[str, Callable[[bytes, Fault], bytes]] = MappingProxyType(
    {
        "old_dates": lambda answer, _fault: _DAY.sub(rb"\3.\2.\1", answer),
        "control_characters": _with_control_characters,
        "wrong_operation": _of_another_operation,
        "entity_bomb": lambda _answer, _fault: ENTITY_BOMB,
        "external_entity": lambda _answer, _fault: EXTERNAL_ENTITY,
    }
)
