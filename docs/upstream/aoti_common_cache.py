"""Processes that compile equal code with AOTInductor at one time spoil each other's packages.

The name of each file follows from its content, so equal programs write the same files of the common
cache (TORCHINDUCTOR_CACHE_DIR, by default one folder a user). One process packs a file that
another one is just writing. `aoti_compile_and_package` returns all the same; the package cannot
be loaded, or has no metadata. Tests that run side by side on one machine meet it.

Needs torch and a C++ compiler. Exit code 0: all packages are whole, 1: one is not.
Takes half a minute a round; a round that is quiet proves little, so there are several.
"""

import os
import subprocess
import sys
import tempfile

import torch

ROUNDS, PROCESSES = 4, 3


class Model(torch.nn.Module):
    def forward(self, x):
        return x.sin() + x.cos()


def compile_one(package):
    program = torch.export.export(Model(), (torch.randn(3, 5),))
    torch._inductor.aoti_compile_and_package(program, package_path=package)


def use_one(package):
    x = torch.randn(3, 5)
    model = torch._inductor.aoti_load_package(package)
    torch.testing.assert_close(model(x), Model()(x))
    metadata = model.get_metadata()
    assert metadata, "the package has no metadata"


def last_line(text):
    return (text.strip().splitlines() or ["no message"])[-1][:200]


def a_round():
    """What is wrong with packages that processes compiled at one time."""
    wrong = []
    with tempfile.TemporaryDirectory() as folder:
        common = {**os.environ, "TORCHINDUCTOR_CACHE_DIR": os.path.join(folder, "common")}
        packages = [os.path.join(folder, f"{number}.pt2") for number in range(PROCESSES)]
        command = [sys.executable, __file__]
        options = {"stdout": subprocess.DEVNULL, "stderr": subprocess.PIPE, "text": True}
        compiling = [
            subprocess.Popen([*command, "compile", package], env=common, **options)
            for package in packages
        ]
        for process in compiling:
            _, errors = process.communicate()
            if process.returncode:
                wrong.append(f"compiling: exit code {process.returncode}: {last_line(errors)}")
        for package in filter(os.path.exists, packages):
            used = subprocess.run([*command, "use", package], check=False, **options)
            if used.returncode:
                wrong.append(f"using: exit code {used.returncode}: {last_line(used.stderr)}")
    return wrong


def main():
    if len(sys.argv) == 3:
        return {"compile": compile_one, "use": use_one}[sys.argv[1]](sys.argv[2])
    print(f"torch {torch.__version__}")
    for number in range(1, ROUNDS + 1):
        wrong = a_round()
        print(f"round {number}: {'; '.join(wrong) or 'all packages are whole'}", flush=True)
        if wrong:
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
