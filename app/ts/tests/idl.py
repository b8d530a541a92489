"""The IDL as a program in Python reads it: nothing but the JSON, and solders for keys and addresses.

Builds every instruction of the vectors from what does not follow, and decodes every account and event of them.
`pip install solders`, then `python3 tests/idl.py`; the TypeScript tests run it where solders is installed.
"""

import json
import struct
from pathlib import Path

from solders.instruction import AccountMeta, Instruction
from solders.pubkey import Pubkey

ROOT = Path(__file__).parents[3]
IDL = json.loads((ROOT / "idl/sluice.json").read_text())
PROGRAM = Pubkey.from_string(IDL["address"])
TYPES = {found["name"]: found["type"]["fields"] for found in IDL["types"]}
INTEGERS = {"u8": "B", "u16": "H", "u32": "I", "u64": "Q", "i64": "q"}
CLASSIC = "TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DA"


def vectors(name):
    return json.loads((ROOT / f"tests/vectors/{name}.json").read_text())


def encode(kind, value):
    if isinstance(kind, dict) and "defined" in kind:
        return b"".join(encode(field["type"], value[field["name"]]) for field in TYPES[kind["defined"]["name"]])
    if isinstance(kind, dict) and "option" in kind:
        return b"\0" if value is None else b"\1" + encode(kind["option"], value)
    if isinstance(kind, dict) and "vec" in kind:
        return struct.pack("<I", len(value)) + b"".join(encode(kind["vec"], item) for item in value)
    if isinstance(kind, dict):
        inner, _ = kind["array"]
        return bytes.fromhex(value[2:]) if inner == "u8" else b"".join(encode(inner, item) for item in value)
    return bytes(Pubkey.from_string(value)) if kind == "pubkey" else struct.pack("<" + INTEGERS[kind], int(value))


def decode(kind, data):
    """The value and the bytes after it, as the vectors write values: 64 bits as text, bytes in hexadecimal."""
    if isinstance(kind, dict) and "defined" in kind:
        fields = {}
        for field in TYPES[kind["defined"]["name"]]:
            fields[field["name"]], data = decode(field["type"], data)
        return fields, data
    if isinstance(kind, dict):
        if "vec" in kind:
            inner, count, data = kind["vec"], struct.unpack_from("<I", data)[0], data[4:]
        else:
            inner, count = kind["array"]
        if inner == "u8":
            return "0x" + data[:count].hex(), data[count:]
        items = []
        for _ in range(count):
            item, data = decode(inner, data)
            items.append(item)
        return items, data
    if kind == "pubkey":
        return str(Pubkey.from_bytes(data[:32])), data[32:]
    form = "<" + INTEGERS[kind]
    value, size = struct.unpack_from(form, data)[0], struct.calcsize(form)
    return (str(value) if size == 8 else value), data[size:]


def seed(one, args, arguments, known):
    """The bytes of a seed; nothing when it is of an account that is not known, or of a field of one."""
    if one["kind"] == "const":
        return bytes(one["value"])
    root, *path = one["path"].split(".")
    if one["kind"] == "account":
        return bytes(Pubkey.from_string(known[root])) if not path and root in known else None
    kind, value = next(arg["type"] for arg in args if arg["name"] == root), arguments[root]
    for name in path:
        kind = next(field["type"] for field in TYPES[kind["defined"]["name"]] if field["name"] == name)
        value = value[name]
    return encode(kind, value)


def derive(pda, args, arguments, known):
    seeds = [seed(one, args, arguments, known) for one in pda["seeds"]]
    if None in seeds:
        return None
    program = Pubkey.from_bytes(bytes(pda["program"]["value"])) if "program" in pda else PROGRAM
    return Pubkey.find_program_address(seeds, program)


def build(vector):
    call = next(found for found in IDL["instructions"] if found["name"] == vector["name"])
    accounts, args = call["accounts"], call["args"]
    struct_fields = vector["arguments"].get("args", {})
    arguments = {**struct_fields, **vector["arguments"]}
    arguments = {arg["name"]: arguments.get(arg["name"], struct_fields) for arg in args}
    known = {"token_program": CLASSIC, **vector["accounts"], **vector["signers"]}
    bumps = {}
    # One follows from another: as long as there are new ones.
    while True:
        before = len(known)
        for account in accounts:
            name = account["name"]
            if name not in known and "address" in account:
                known[name] = account["address"]
            found = derive(account["pda"], args, arguments, known) if "pda" in account else None
            if found:
                bumps[name] = found[1]
                known.setdefault(name, str(found[0]))
        if len(known) == before:
            break
    if "vault_bump" in arguments:
        arguments["vault_bump"] = bumps["vault"]
    metas = []
    # Behind the accounts of the IDL stand jobs, each to be written.
    jobs = vector["accounts"].get("jobs", [])
    for account, meta in zip(accounts, vector["metas"][: len(vector["metas"]) - len(jobs)], strict=True):
        # What is read from a chain is taken from the vector; an account left out is the program.
        fields = [one for one in account.get("pda", {}).get("seeds", []) if one["kind"] == "account" and "." in one["path"]]
        absent = account.get("optional") and account["name"] not in known
        default = str(PROGRAM) if absent else meta["address"] if fields else None
        key = Pubkey.from_string(known.get(account["name"], default))
        metas.append(AccountMeta(key, account.get("signer", False), account.get("writable", False) and not absent))
    metas += [AccountMeta(Pubkey.from_string(job), False, True) for job in jobs]
    data = bytes(call["discriminator"]) + b"".join(encode(arg["type"], arguments[arg["name"]]) for arg in args)
    return Instruction(PROGRAM, data, metas)


def main():
    built = [vector for file in sorted((ROOT / "tests/vectors").glob("*_instructions.json")) for vector in vectors(file.stem)]
    assert {vector["name"] for vector in built} == {found["name"] for found in IDL["instructions"]}
    for vector in built:
        instruction = build(vector)
        metas = [
            {"address": str(meta.pubkey), "signer": meta.is_signer, "writable": meta.is_writable}
            for meta in instruction.accounts
        ]
        assert metas == vector["metas"], (vector["name"], metas, vector["metas"])
        assert "0x" + instruction.data.hex() == vector["data"], vector["name"]
    for file in ("accounts", "events"):
        known = {found["name"]: bytes(found["discriminator"]) for found in IDL[file]}
        for name, sample in vectors(file).items():
            data = bytes.fromhex(sample["data"][2:])
            assert data.startswith(known[name]), name
            fields, rest = decode({"defined": {"name": name}}, data[len(known[name]) :])
            assert (fields, rest) == (sample["fields"], b""), name
    errors = {error["code"]: error["msg"] for error in IDL["errors"]}
    for error in vectors("errors"):
        assert errors.get(error["code"], error["message"]) == error["message"], error
    print(f"{len(built)} instructions, accounts and events are as the vectors have them")


main()
