# Run by gdb on an object file. stdin: {source, structs: [{kind, name, fields}], constants}. stdout: the same in numbers:
# {structs: {name: {size, fields: {field: [offset, size] or [offset, size, shift, bits]}}}, constants: {name: value}}.
import json
import sys

import gdb

wanted = json.load(sys.stdin)


def find(struct, name):
    """The field of that name with its offset in bits; members of unnamed structures count as the struct's own."""
    for field in struct.strip_typedefs().fields():
        if field.name == name:
            return field, field.bitpos
        if not field.name:
            inner = find(field.type, name)
            if inner:
                return inner[0], field.bitpos + inner[1]
    return None


def locate(struct, path):
    bits = 0
    for name in path.split("."):
        field, offset = find(struct, name) or sys.exit(f"{struct} has no field {name}")
        bits += offset
        struct = field.type
    if not field.bitsize:
        return [bits // 8, struct.sizeof]
    shift = bits % 8
    return [bits // 8, (shift + field.bitsize + 7) // 8, shift, field.bitsize]


def struct_of(kind, name):
    if kind == "struct":
        return gdb.lookup_type(f"struct {name}").strip_typedefs()
    return gdb.lookup_static_symbol(name).type


def value_of(name):
    # gdb looks up a macro at a line of the source; by the last one all have been defined.
    expanded = gdb.execute(f"macro expand {name}", to_string=True).split("expands to: ", 1)[1]
    return int(gdb.parse_and_eval(expanded))


try:
    with open(wanted["source"], encoding="latin-1") as source:
        last = sum(1 for _ in source)
    gdb.execute(f"list {wanted['source']}:{last},{last}", to_string=True)
    structs = {}
    for entry in wanted["structs"]:
        struct = struct_of(entry["kind"], entry["name"])
        fields = {path: locate(struct, path) for path in sorted(entry["fields"])}
        structs[entry["name"]] = {"size": struct.sizeof, "fields": fields}
    json.dump({"structs": structs, "constants": {name: value_of(name) for name in wanted["constants"]}}, sys.stdout)
except (gdb.error, AttributeError) as error:
    sys.exit(f"{wanted['source']}: {error}")
