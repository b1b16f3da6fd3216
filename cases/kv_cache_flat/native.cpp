// The class of ../kv_cache/native.cpp, whose flatten puts all tensors into one list.
//
// It keeps each tensor as its Python object, in which the C++ tensor is a member, and not the other
// way round: the object of an at::Tensor has to be asked for (THPVariable_Wrap) every time it goes
// to Python, tensor by tensor, and that would be half of what flatten costs (docs/benchmarks.md).
#include <exportgate/native.h>

#include <iterator>
#include <string>
#include <utility>
#include <vector>

namespace {

namespace py = pybind11;

using Layers = std::vector<py::object>;  // tensors, or None where a layer was never put

/// Raises TypeError where `states` is no tensor: the class has no place for it.
py::object checked(py::handle states) {
    if (!THPVariable_Check(states.ptr())) {
        throw py::type_error(std::string("a layer of the cache is a tensor, not ") +
                             Py_TYPE(states.ptr())->tp_name);
    }
    return py::reinterpret_borrow<py::object>(states);
}

Layers unwrap(py::handle sequence) {
    const auto items = py::reinterpret_steal<py::object>(
        PySequence_Fast(sequence.ptr(), "the layers of a cache are a list of tensors"));
    if (!items) throw py::error_already_set();
    const Py_ssize_t size = PySequence_Fast_GET_SIZE(items.ptr());
    PyObject** const values = PySequence_Fast_ITEMS(items.ptr());
    Layers layers;
    layers.reserve(static_cast<std::size_t>(size));
    for (Py_ssize_t index = 0; index < size; ++index)
        layers.push_back(checked(values[index]));
    return layers;
}

/// Puts `layers` into `list`, from `place` on.
void put_into(py::list& list, std::size_t place, const Layers& layers) {
    for (py::object states : layers)
        PyList_SET_ITEM(list.ptr(), static_cast<Py_ssize_t>(place++), states.release().ptr());
}

py::list list_of(const Layers& layers) {
    py::list list(layers.size());
    put_into(list, 0, layers);
    return list;
}

py::tuple pair(py::object first, py::object second) {
    py::tuple both(2);
    PyTuple_SET_ITEM(both.ptr(), 0, first.release().ptr());
    PyTuple_SET_ITEM(both.ptr(), 1, second.release().ptr());
    return both;
}

class LayeredCache {
  public:
    LayeredCache() = default;
    LayeredCache(Layers keys, Layers values) : keys_(std::move(keys)), values_(std::move(values)) {}

    /// Sets `states` as the layer's keys (`name` is key_cache) or values (value_cache).
    void put(const std::string& name, std::size_t layer, const py::object& states) {
        for (Layers* layers : {&keys_, &values_}) {
            if (layers->size() <= layer) layers->resize(layer + 1, py::none());
        }
        (name == "key_cache" ? keys_ : values_)[layer] = checked(states);
    }

    const Layers& keys() const {
        return keys_;
    }
    const Layers& values() const {
        return values_;
    }

    /// How many tokens the layer holds; a SymInt, so that an exporter sees where it comes from.
    c10::SymInt length(std::size_t layer) const {
        const py::object& states = keys_.at(layer);
        return states.is_none() ? c10::SymInt(0) : THPVariable_Unpack(states.ptr()).sym_size(-2);
    }

  private:
    Layers keys_;
    Layers values_;
};

/// The C++ object of a cache; anything else is a TypeError. pybind11 looks the type up in a table,
/// which takes longer than all else that flatten does for a small cache.
const LayeredCache& cache_of(PyObject* object) {
    static PyTypeObject* const type =
        reinterpret_cast<PyTypeObject*>(py::type::of<LayeredCache>().release().ptr());
    if (Py_TYPE(object) != type) return py::cast<const LayeredCache&>(py::handle(object));
    return *reinterpret_cast<py::detail::instance*>(object)
                ->get_value_and_holder()
                .value_ptr<LayeredCache>();
}

/// What `function` returns; null, and Python's error set, where it throws.
template <class Function>
PyObject* as_python(Function function) noexcept {
    try {
        return function().release().ptr();
    } catch (py::error_already_set& error) {
        error.restore();
    } catch (const py::builtin_exception& error) {
        error.set_error();
    } catch (const std::exception& error) {
        PyErr_SetString(PyExc_RuntimeError, error.what());
    }
    return nullptr;
}

/// flatten(cache): (children, context): keys, then values; the number of layers.
PyObject* flatten(PyObject*, PyObject* object) {
    return as_python([&] {
        const LayeredCache& cache = cache_of(object);
        const std::size_t layers = cache.keys().size();
        py::list children(layers + cache.values().size());
        put_into(children, 0, cache.keys());
        put_into(children, layers, cache.values());
        return pair(std::move(children), py::int_(layers));
    });
}

LayeredCache unflatten(py::handle children, std::size_t layers) {
    Layers all = unwrap(children);
    if (layers > all.size()) throw py::value_error("fewer tensors than layers");
    const auto first_value = all.begin() + static_cast<std::ptrdiff_t>(layers);
    Layers values(std::make_move_iterator(first_value), std::make_move_iterator(all.end()));
    all.resize(layers);
    return {std::move(all), std::move(values)};
}

// A function of Python's C interface: pybind11 calls one through a dispatcher that takes longer
// than flatten itself. Not so unflatten, which makes an object of the class in any case.
PyMethodDef flatten_definition{"flatten", flatten, METH_O, "(children, context) of a cache"};

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
    py::class_<LayeredCache> cache_class(module, "LayeredCache");
    cache_class.def(py::init<>())
        .def("put", &LayeredCache::put, py::arg("name"), py::arg("layer"), py::arg("states"))
        .def("length", &LayeredCache::length, py::arg("layer") = 0)
        .def_property_readonly("key_cache",
                               [](const LayeredCache& cache) { return list_of(cache.keys()); })
        .def_property_readonly("value_cache",
                               [](const LayeredCache& cache) { return list_of(cache.values()); })
        // torch.export.save pickles the example inputs.
        .def(py::pickle(
            [](const LayeredCache& cache) {
                return py::make_tuple(list_of(cache.keys()), list_of(cache.values()));
            },
            [](const py::tuple& state) {
                return LayeredCache(unwrap(state[0]), unwrap(state[1]));
            }));
    cache_class.def_static("unflatten", &unflatten);
    cache_class.attr("flatten") =
        py::reinterpret_steal<py::object>(PyCFunction_New(&flatten_definition, nullptr));
    module.def("reference", &reference);
}
