// Reads a pickle of torch.save as data: what it would call is kept as a value and never called. So
// nothing in a file can run. What is not understood is an error.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.h"

namespace exportgate::archive {

struct Pickled;
using PickledRef = const Pickled*;

struct Pickled {
    enum class Kind : std::uint8_t {
        none,
        boolean,     // integer
        integer,     // integer
        number,      // a float, whose value nobody asks for
        text,        // text
        sequence,    // items: a list or a tuple
        mapping,     // pairs; for a call that makes an empty one, too
        name,        // text: "torch._utils._rebuild_tensor_v2"
        call,        // items: what is called, and its arguments (a sequence)
        persistent,  // items: one, what torch.save puts for a storage
    };

    Kind kind = Kind::none;
    std::int64_t integer = 0;
    std::string text;
    std::vector<PickledRef> items;
    std::vector<std::pair<PickledRef, PickledRef>> pairs;
};

/// All values of a pickle. They may hold each other, and themselves: whoever reads them goes to a
/// depth that he knows.
struct PickledDocument {
    std::deque<Pickled> values;
    PickledRef root = nullptr;
};

/// `shown` is what messages call it.
Result<PickledDocument> read_pickle(std::string_view bytes, const std::string& shown);

}  // namespace exportgate::archive
