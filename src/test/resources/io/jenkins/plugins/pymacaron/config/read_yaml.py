"""Reads YAML documents with PyYAML: one JSON text a line on stdin, one JSON answer a line on stdout.

An answer is null where PyYAML refuses the document, else the value in a form in which types and bits show.
"""
import datetime
import json
import struct
import sys

import yaml


def form(value):
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "bool:true" if value else "bool:false"
    if isinstance(value, int):
        return "int:%d" % value
    if isinstance(value, float):
        return "float:" + ("nan" if value != value else struct.pack(">d", value).hex())
    if isinstance(value, str):
        return "str:" + value.encode("utf-16-be", "surrogatepass").hex()
    if isinstance(value, bytes):
        return "bytes:" + value.hex()
    if isinstance(value, datetime.datetime):
        offset = value.utcoffset()
        fields = (value.year, value.month, value.day, value.hour, value.minute, value.second, value.microsecond)
        return "time:%s:%s" % (fields, "none" if offset is None else int(offset.total_seconds()))
    if isinstance(value, datetime.date):
        return "date:%s" % ((value.year, value.month, value.day),)
    if isinstance(value, tuple):
        return "{%s=%s}" % (form(value[0]), form(value[1]))
    if isinstance(value, list):
        return "[%s]" % ",".join(form(item) for item in value)
    if isinstance(value, set):
        return "{%s}" % ",".join(form(item) + "=null" for item in value)
    return "{%s}" % ",".join(form(k) + "=" + form(v) for k, v in value.items())


for line in sys.stdin:
    try:
        answer = form(yaml.load(json.loads(line), Loader=yaml.FullLoader))
    except Exception:
        answer = None
    print(json.dumps(answer), flush=True)
