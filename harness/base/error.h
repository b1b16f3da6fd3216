// An expected failure (bad case file, unreadable graph, missing golden, dead worker) as a value,
// and the result type that carries it. Exceptions are left for programming mistakes and out of
// memory.
#pragma once

#include <string>
#include <tl/expected.hpp>
#include <vector>

namespace exportgate {

struct Error {
    std::string file = {};    // as the user named it; empty where no file is involved
    int line = 0;             // 1-based; 0: the whole file
    std::string what = {};    // what was found, in the user's words, and what was expected
    std::string remedy = {};  // what to do next; empty where `what` says it already

    bool operator==(const Error&) const = default;
};

/// "file:line: what (remedy)", the form of every message of exportgate.
std::string to_string(const Error& error);

using Errors = std::vector<Error>;

template <class T>
using Result = tl::expected<T, Error>;

/// For input in which all mistakes are reported at once (case files, golden files). Never holds an
/// empty list.
template <class T>
using Results = tl::expected<T, Errors>;

}  // namespace exportgate
