#!/usr/bin/python3
"""Asks the real Ansible (Debian's ansible-core) what templates give, and writes cases for jinjaCases.ts.

usage: generateJinjaCases.py TEMPLATES.json > CASES.json

TEMPLATES.json: {"vars": {...}, "expr": [...], "when": [...], "file": [...]}
"""
import json
import math
import sys

from ansible import constants as C
from ansible.parsing.dataloader import DataLoader
from ansible.playbook.conditional import Conditional
from ansible.template import Templar

LOADER = DataLoader()


def encoded(value):
    """The value in the typed JSON of the cases."""
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, str):
        return str(value)
    if isinstance(value, int):
        return value if abs(value) < 2**53 else {"$int": str(value)}
    if isinstance(value, float):
        if math.isnan(value) or math.isinf(value) or value == int(value):
            return {"$float": repr(value)}
        return value
    if isinstance(value, tuple):
        return {"$tuple": [encoded(item) for item in value]}
    if isinstance(value, list):
        return [encoded(item) for item in value]
    if isinstance(value, dict):
        pairs = [[encoded(key), encoded(item)] for key, item in value.items()]
        if any(not isinstance(key, str) or key.isdigit() for key, _ in pairs):
            return {"$dict": pairs}
        return dict(pairs)
    raise ValueError(f"no JSON for {type(value)}")


def error_kind(error):
    """The kind of the innermost error that says something."""
    seen = []
    while error is not None and error not in seen:
        seen.append(error)
        error = getattr(error, "orig_exc", None) or error.__cause__ or error.__context__
    names = {cls.__name__ for one in seen for cls in type(one).__mro__}
    if names & {"UndefinedError", "AnsibleUndefinedVariable"}:
        return "undefined"
    if "TemplateSyntaxError" in names:
        return "syntax"
    if "ZeroDivisionError" in names:
        return "zerodivision"
    return "type" if "TypeError" in names else "other"


def attempt(run):
    try:
        return {"value": run()}
    except Exception as error:  # every error of Ansible's is an answer
        return {"error": {"kind": error_kind(error), "message": str(error)[:200]}}


def templar(variables, is_native):
    C.DEFAULT_JINJA2_NATIVE = is_native
    return Templar(loader=LOADER, variables=variables)


class When(Conditional):
    def __init__(self, text):
        self._loader = LOADER
        super().__init__(loader=LOADER)
        self.when = [text]


def answers(kind, template, variables):
    if kind == "expr":
        legacy = attempt(lambda: encoded(templar(variables, False).template(template)))
        native = attempt(lambda: encoded(templar(variables, True).template(template)))
        if "error" in legacy or "error" in native:
            both = legacy if "error" in legacy else native
            return {"error": both["error"]} if "error" in legacy and "error" in native else None
        return {"value": legacy["value"], "native": native["value"]}
    if kind == "when":
        return attempt(lambda: When(template).evaluate_conditional(templar(variables, False), variables))
    result = attempt(lambda: templar(variables, False).do_template(template, escape_backslashes=False))
    return {"string": result["value"]} if "value" in result else result


def main():
    content = json.load(open(sys.argv[1], encoding="utf-8"))
    variables = content["vars"]
    cases = []
    for kind in ("expr", "when", "file"):
        for template in content.get(kind, []):
            used = {name: value for name, value in variables.items() if name in template}
            for name, value in variables.items():  # variables that the used ones need
                if any(name in json.dumps(one) for one in list(used.values())):
                    used[name] = value
            try:
                expect = answers(kind, template, used)
            except ValueError as error:
                print(f"left out {template!r}: {error}", file=sys.stderr)
                continue
            if expect is None:
                print(f"left out {template!r}: the modes differ in failing", file=sys.stderr)
                continue
            identifier = f"{kind}-{len(cases) + 1:03d}"
            cases.append({"id": identifier, "kind": kind, "template": template, "vars": encoded(used), "expect": expect})
    print("[\n" + ",\n".join(json.dumps(case) for case in cases) + "\n]")


C.DEFAULT_UNDEFINED_VAR_BEHAVIOR = True
main()
