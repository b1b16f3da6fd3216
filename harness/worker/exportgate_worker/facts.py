"""Facts of an exported program that its print does not hold: guards, layout, what it carries,
schemas. As PROTOCOL.md spells them; what a release or a program does not show is left out.
"""

import ctypes
import hashlib

import torch
from torch.export.graph_signature import InputKind

from exportgate_worker import comparison, specs_and_constants

REVISION = 1
MOST_BYTES = 64 << 20  # that are digested
LONGEST_VALUE = 200  # characters


def of(ep, case_modules):
    """`ep` is a torch.export.ExportedProgram."""
    found = {"revision": REVISION}
    for member, observe in _MEMBERS.items():
        try:
            value = observe(ep, case_modules)
        except Exception:  # this program does not allow to observe it
            continue
        if value is not None:
            found[member] = value
    return found


def _dialect(ep, _):
    return ep.dialect


def _guards(ep, _):
    code = getattr(ep, "_guards_code", None)  # from 2.9 on
    return None if code is None else [str(guard) for guard in code]


def _inputs(ep, _):
    placeholders = [node for node in ep.graph.nodes if node.op == "placeholder"]
    return [
        {"name": node.name, **_input(node, spec.arg)}
        for node, spec in zip(placeholders, ep.graph_signature.input_specs)
    ]


def _input(node, argument):
    value = node.meta.get("val", getattr(argument, "value", None))
    if isinstance(value, torch.Tensor):
        shape = [str(extent) for extent in value.shape]
        return {"dtype": comparison.dtype_name(value), "shape": shape, **_layout(value, str)} | {
            "device": str(value.device)
        }
    if isinstance(value, (torch.SymInt, torch.SymFloat, torch.SymBool)):
        return {"type": type(value).__qualname__, "value": str(value)}
    if value is None or isinstance(value, (bool, int, float, complex, str)):
        return {"type": type(value).__qualname__, "value": repr(value)[:LONGEST_VALUE]}
    return {"type": _class_name(value), "value": ""}


def _layout(tensor, spelt):
    found = {"requires_grad": tensor.requires_grad}
    if tensor.layout == torch.strided:
        found["strides"] = [spelt(stride) for stride in tensor.stride()]
    return found


def _class_name(value):
    # A fake object stands for the one that the program was exported with.
    type_ = type(getattr(value, "real_obj", value))
    return f"{type_.__module__}.{type_.__qualname__}"


def _carried(ep, _):
    kinds = {spec.target: spec.kind for spec in ep.graph_signature.input_specs if spec.target}
    left = MOST_BYTES
    found = []
    for carried, usual in ((ep.state_dict, "buffer"), (ep.constants, "constant")):
        for name, value in carried.items():
            kind = _KINDS.get(kinds.get(name), usual)
            if isinstance(value, torch.nn.Parameter):
                kind = "parameter"
            described, digested = _described(value, kind, left)
            left -= digested
            found.append({"name": name, **described})
    return found


_KINDS = {
    InputKind.PARAMETER: "parameter",
    InputKind.BUFFER: "buffer",
    InputKind.CONSTANT_TENSOR: "constant",
}


def _described(value, kind, left):
    """What is said of it, and how many bytes of it were digested."""
    if not isinstance(value, torch.Tensor):
        return {"kind": "object", "type": _class_name(value)}, 0
    described = {
        "kind": kind,
        "dtype": comparison.dtype_name(value),
        "shape": list(value.shape),
        **_layout(value, int),
    }
    size = value.numel() * value.element_size()
    if reason := _not_digested(value, size, left):
        return {**described, "not_digested": reason}, 0
    return {**described, "sha256": _digest(value)}, size


def _not_digested(tensor, size, left):
    if tensor.layout != torch.strided:
        return f"is {str(tensor.layout).replace('torch.', '')}"
    if tensor.device.type == "meta":
        return "on meta"
    if type(tensor) not in (torch.Tensor, torch.nn.Parameter):
        return f"is a {_class_name(tensor)}"
    if tensor.is_quantized:
        return "is quantized"
    return f"{size} bytes" if size > left else ""


def _digest(tensor):
    plain = tensor.detach().cpu().resolve_conj().resolve_neg().contiguous()
    shape = ", ".join(map(str, plain.shape))
    digest = hashlib.sha256(f"{comparison.dtype_name(plain)} [{shape}]\0".encode())
    if size := plain.numel() * plain.element_size():
        # numpy, which would be easier, need not be installed, and has no bfloat16.
        digest.update((ctypes.c_char * size).from_address(plain.data_ptr()))
    return digest.hexdigest()


def _argument_names(ep, _):
    root = next(entry for entry in ep.module_call_graph if entry.fqn == "")
    return getattr(root.signature, "forward_arg_names", None)  # from 2.7 on


def _modules(ep, case_modules):
    return [
        {
            "fqn": entry.fqn,
            "inputs": [_argument(one) for one in entry.signature.inputs],
            "outputs": [_argument(one) for one in entry.signature.outputs],
            "in_spec": specs_and_constants.spec_node(entry.signature.in_spec, case_modules),
            "out_spec": specs_and_constants.spec_node(entry.signature.out_spec, case_modules),
        }
        for entry in ep.module_call_graph
        if entry.fqn and entry.signature is not None
    ]


def _argument(argument):
    return str(getattr(argument, "name", argument))


def _schemas(ep, _):
    found = {}
    for module in ep.graph_module.modules():
        for node in module.graph.nodes if isinstance(module, torch.fx.GraphModule) else ():
            schema = getattr(node.target, "_schema", None)
            if node.op == "call_function" and schema is not None:
                found[str(node.target)] = str(schema)
    return dict(sorted(found.items()))


_MEMBERS = {
    "dialect": _dialect,
    "guards": _guards,
    "inputs": _inputs,
    "carried": _carried,
    "argument_names": _argument_names,
    "modules": _modules,
    "schemas": _schemas,
}
