// A Python callable with its arguments, called from C++ as fast as Python's own interpreter calls
// one: what is timed.
#pragma once

#include <pybind11/pybind11.h>

#include <cstdint>
#include <vector>

namespace exportgate::worker {

class TimedCall {
  public:
    TimedCall(pybind11::object callable, pybind11::tuple arguments);

    /// Calls `times` times, and drops what comes back, which is part of what a call costs. Throws
    /// pybind11::error_already_set where the call raises.
    void run(std::uint64_t times);

    /// One call of run(); false, with Python's error set, where it raises.
    bool once() noexcept {
        PyObject* const result =
            PyObject_Vectorcall(callable_.ptr(), slots_.data() + 1,
                                (slots_.size() - 1) | PY_VECTORCALL_ARGUMENTS_OFFSET, nullptr);
        if (result == nullptr) return false;
        Py_DECREF(result);
        return true;
    }

    /// Nanoseconds of the steady clock that `times` calls take.
    std::uint64_t time(std::uint64_t times);

    /// Blocks of memory that Python's three allocators hand out in one call, counted in a call of
    /// its own. What comes from a free list (tuples, floats, frames, ...) is not seen, nor what
    /// torch allocates for itself.
    std::uint64_t count_allocations();

  private:
    pybind11::object callable_;
    pybind11::tuple arguments_;
    // Vectorcall may use the place before the first argument, which spares the callee a copy.
    std::vector<PyObject*> slots_;
};

}  // namespace exportgate::worker
