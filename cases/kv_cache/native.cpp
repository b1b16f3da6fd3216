// LayeredCache of ../layered_cache.py as a C++ class, with its pytree functions in C++: the floor
// of what flatten and unflatten of a class cost that keeps its tensors in C++.
#include <exportgate/native.h>

#include <string>
#include <utility>
#include <vector>

namespace {

namespace py = pybind11;

/// A list with the Python object of each tensor. The lists that pybind11 makes of a vector take
/// three times as long: a conversion is looked up for every element.
py::list wrap(const std::vector<at::Tensor>& tensors) {
    py::list list(tensors.size());
    for (std::size_t index = 0; index < tensors.size(); ++index) {
        PyObject* const tensor = THPVariable_Wrap(tensors[index]);
        if (tensor == nullptr) throw py::error_already_set();
        PyList_SET_ITEM(list.ptr(), static_cast<Py_ssize_t>(index), tensor);
    }
    return list;
}

/// Raises TypeError where something is no tensor: the class has no place for it.
std::vector<at::Tensor> unwrap(py::handle sequence) {
    const auto items = py::reinterpret_steal<py::object>(
        PySequence_Fast(sequence.ptr(), "the layers of a cache are a list of tensors"));
    if (!items) throw py::error_already_set();
    const Py_ssize_t size = PySequence_Fast_GET_SIZE(items.ptr());
    PyObject** const values = PySequence_Fast_ITEMS(items.ptr());
    std::vector<at::Tensor> tensors;
    tensors.reserve(static_cast<std::size_t>(size));
    for (Py_ssize_t index = 0; index < size; ++index) {
        if (!THPVariable_Check(values[index])) {
            throw py::type_error(std::string("a layer of the cache is a tensor, not ") +
                                 Py_TYPE(values[index])->tp_name);
        }
        tensors.push_back(THPVariable_Unpack(values[index]));
    }
    return tensors;
}

py::list list_of(py::object first, py::object second) {
    py::list list(2);
    PyList_SET_ITEM(list.ptr(), 0, first.release().ptr());
    PyList_SET_ITEM(list.ptr(), 1, second.release().ptr());
    return list;
}

/// The one string object of this text: interned ones are looked up, not made.
py::str interned(const char* text) {
    return py::reinterpret_steal<py::str>(PyUnicode_InternFromString(text));
}

class LayeredCache {
  public:
    LayeredCache() = default;
    LayeredCache(std::vector<at::Tensor> keys, std::vector<at::Tensor> values)
        : keys_(std::move(keys)), values_(std::move(values)) {}

    /// Sets `states` as the layer's keys (`name` is key_cache) or values (value_cache).
    void put(const std::string& name, std::size_t layer, const at::Tensor& states) {
        for (auto* per_layer : {&keys_, &values_}) {
            if (per_layer->size() <= layer) per_layer->resize(layer + 1);
        }
        (name == "key_cache" ? keys_ : values_)[layer] = states;
    }

    py::list keys() const {
        return wrap(keys_);
    }
    py::list values() const {
        return wrap(values_);
    }

    /// (children, context) as those of the Python class: two lists, and the names of the
    /// attributes.
    static py::tuple flatten(const LayeredCache& cache) {
        return py::make_tuple(list_of(cache.keys(), cache.values()),
                              list_of(interned("key_cache"), interned("value_cache")));
    }

    static LayeredCache unflatten(const py::sequence& children, py::handle) {
        return {unwrap(children[0]), unwrap(children[1])};
    }

  private:
    std::vector<at::Tensor> keys_;
    std::vector<at::Tensor> values_;
};

/// y of the model for the leaves in the order in which case.toml declares them.
at::Tensor reference(const at::Tensor& x, const at::Tensor& key_0, const at::Tensor& key_1,
                     const at::Tensor& value_0, const at::Tensor& value_1) {
    const auto layer = [](const at::Tensor& keys, const at::Tensor& values) {
        return (keys - 2 * values).sum(2, /*keepdim=*/true);
    };
    return 3 * x + layer(key_0, value_0) + 2 * layer(key_1, value_1);
}

}  // namespace

PYBIND11_MODULE(EXPORTGATE_NATIVE_MODULE, module) {
    py::class_<LayeredCache>(module, "LayeredCache")
        .def(py::init<>())
        .def("put", &LayeredCache::put, py::arg("name"), py::arg("layer"), py::arg("states"))
        .def_property_readonly("key_cache", &LayeredCache::keys)
        .def_property_readonly("value_cache", &LayeredCache::values)
        .def_static("flatten", &LayeredCache::flatten)
        .def_static("unflatten", &LayeredCache::unflatten)
        // torch.export.save pickles the example inputs.
        .def(py::pickle(
            [](const LayeredCache& cache) { return py::make_tuple(cache.keys(), cache.values()); },
            [](const py::tuple& state) {
                return LayeredCache(unwrap(state[0]), unwrap(state[1]));
            }));
    module.def("reference", &reference);
}
