#include "timed_call.h"

#include <array>
#include <chrono>
#include <utility>

namespace exportgate::worker {

namespace {

constexpr std::array<PyMemAllocatorDomain, 3> domains{PYMEM_DOMAIN_RAW, PYMEM_DOMAIN_MEM,
                                                      PYMEM_DOMAIN_OBJ};

/// An allocator of Python that counts, and leaves the work to the one before it.
struct Counter {
    PyMemAllocatorEx before{};
    std::uint64_t count = 0;
};

void* counted_malloc(void* context, size_t size) {
    auto* const counter = static_cast<Counter*>(context);
    ++counter->count;
    return counter->before.malloc(counter->before.ctx, size);
}

void* counted_calloc(void* context, size_t number, size_t size) {
    auto* const counter = static_cast<Counter*>(context);
    ++counter->count;
    return counter->before.calloc(counter->before.ctx, number, size);
}

void* counted_realloc(void* context, void* block, size_t size) {
    auto* const counter = static_cast<Counter*>(context);
    ++counter->count;  // a list that grows may well be moved
    return counter->before.realloc(counter->before.ctx, block, size);
}

void uncounted_free(void* context, void* block) {
    auto* const counter = static_cast<Counter*>(context);
    counter->before.free(counter->before.ctx, block);
}

class Counting {
  public:
    Counting() {
        for (std::size_t i = 0; i < domains.size(); ++i) {
            PyMem_GetAllocator(domains[i], &counters_[i].before);
            PyMemAllocatorEx counting{&counters_[i], counted_malloc, counted_calloc,
                                      counted_realloc, uncounted_free};
            PyMem_SetAllocator(domains[i], &counting);
        }
    }
    ~Counting() {
        for (std::size_t i = 0; i < domains.size(); ++i)
            PyMem_SetAllocator(domains[i], &counters_[i].before);
    }
    Counting(const Counting&) = delete;
    Counting& operator=(const Counting&) = delete;

    std::uint64_t count() const {
        std::uint64_t sum = 0;
        for (const Counter& counter : counters_)
            sum += counter.count;
        return sum;
    }

  private:
    std::array<Counter, domains.size()> counters_{};
};

}  // namespace

TimedCall::TimedCall(pybind11::object callable, pybind11::tuple arguments)
    : callable_(std::move(callable)), arguments_(std::move(arguments)), slots_{nullptr} {
    for (const pybind11::handle argument : arguments_)
        slots_.push_back(argument.ptr());
}

void TimedCall::run(std::uint64_t times) {
    for (std::uint64_t i = 0; i < times; ++i) {
        if (!once()) throw pybind11::error_already_set();
    }
}

std::uint64_t TimedCall::time(std::uint64_t times) {
    const auto begin = std::chrono::steady_clock::now();
    run(times);
    const auto end = std::chrono::steady_clock::now();
    return static_cast<std::uint64_t>(
        std::chrono::duration_cast<std::chrono::nanoseconds>(end - begin).count());
}

std::uint64_t TimedCall::count_allocations() {
    run(2);  // what is allocated once and kept is no part of a call
    const Counting counting;
    run(1);
    return counting.count();
}

}  // namespace exportgate::worker
