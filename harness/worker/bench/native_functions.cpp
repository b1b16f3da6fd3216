#include "native_functions.h"

#include <Python.h>

#include <array>

namespace exportgate::worker {

namespace {

/// floor(leaves): a new list of what the tuple `leaves` holds. Whatever flattens a cache for Python
/// has to do at least this: allocate the list, and count every reference.
PyObject* floor(PyObject*, PyObject* leaves) {
    if (!PyTuple_CheckExact(leaves)) {
        PyErr_SetString(PyExc_TypeError, "floor() takes a tuple");
        return nullptr;
    }
    const Py_ssize_t size = PyTuple_GET_SIZE(leaves);
    PyObject* const list = PyList_New(size);
    if (list == nullptr) return nullptr;
    for (Py_ssize_t i = 0; i < size; ++i) {
        PyObject* const leaf = PyTuple_GET_ITEM(leaves, i);
        Py_INCREF(leaf);
        PyList_SET_ITEM(list, i, leaf);
    }
    return list;
}

/// identity(leaf): what tree_map is timed with, so that the time is tree_map's own.
PyObject* identity(PyObject*, PyObject* leaf) {
    Py_INCREF(leaf);
    return leaf;
}

std::array<PyMethodDef, 3> methods{{{"floor", floor, METH_O, "A new list of a tuple's elements."},
                                    {"identity", identity, METH_O, "Its argument."},
                                    {nullptr, nullptr, 0, nullptr}}};

PyModuleDef definition{PyModuleDef_HEAD_INIT,
                       "_exportgate_bench",
                       nullptr,
                       0,
                       methods.data(),
                       nullptr,
                       nullptr,
                       nullptr,
                       nullptr};

PyObject* create() {
    return PyModule_Create(&definition);
}

}  // namespace

void add_native_functions() {
    PyImport_AppendInittab("_exportgate_bench", create);
}

}  // namespace exportgate::worker
