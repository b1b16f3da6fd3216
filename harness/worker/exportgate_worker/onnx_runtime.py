"""A consumer (docs/consumers.md): ONNX models in ONNX Runtime, in a process that has no torch.

The model is checked by onnx first. It introduces itself, then answers one line with one line.
"""

import json
import os
import sys

PROTOCOL = 1


def serve():
    answers = os.fdopen(os.dup(1), "w", encoding="ascii")
    os.dup2(2, 1)  # the packages may print

    def say(message):
        answers.write(json.dumps(message) + "\n")
        answers.flush()

    import onnx
    import onnxruntime

    say(
        {
            "facts": {
                "protocol": PROTOCOL,
                "onnx": onnx.__version__,
                "onnxruntime": onnxruntime.__version__,
            }
        }
    )
    model = None
    for line in sys.stdin:
        message = json.loads(line)
        try:
            if "prepare" in message:
                model = Model(message["prepare"]["program"])
                say({"prepared": {"inputs": model.shapes()}})
            else:
                say({"ran": model.run(message["run"])})
        except Exception as error:
            kind = "refused" if _is_refusal(error) else "error"
            say({kind: " ".join(f"{type(error).__name__}: {error}".split())})


class Model:
    def __init__(self, file):
        import onnx
        import onnxruntime

        onnx.checker.check_model(file, full_check=True)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.log_severity_level = 3  # errors
        self._session = onnxruntime.InferenceSession(
            file, options, providers=["CPUExecutionProvider"]
        )

    def shapes(self):
        """Of its inputs: a number is constant, a name symbolic."""
        return [list(one.shape) for one in self._session.get_inputs()]

    def run(self, asked):
        inputs = self._session.get_inputs()
        if len(inputs) != len(asked["inputs"]):
            raise ValueError(f"the model takes {len(inputs)} inputs, not {len(asked['inputs'])}")
        given = {one.name: _read(tensor) for one, tensor in zip(inputs, asked["inputs"])}
        outputs = self._session.run(None, given)
        return {
            "outputs": [
                _write(output, os.path.join(asked["folder"], f"output{i}"))
                for i, output in enumerate(outputs)
            ]
        }


def _is_refusal(error):
    """What ONNX Runtime says where an extent is not that of the model, before it computes."""
    return type(error).__name__ == "InvalidArgument" and "Got invalid dimensions" in str(error)


def _dtype(name):
    import ml_dtypes
    import numpy

    return numpy.dtype(ml_dtypes.bfloat16 if name == "bfloat16" else name)


def _read(described):
    import numpy

    content = numpy.fromfile(described["file"], dtype=_dtype(described["dtype"]))
    return content.reshape(described["shape"])


def _write(array, file):
    import numpy

    numpy.ascontiguousarray(array).tofile(file)
    return {"file": file, "dtype": str(array.dtype), "shape": list(array.shape)}
