// Two texts side by side as they are, for whoever has to make one from the other.
#pragma once

#include <string>
#include <string_view>

namespace exportgate::graph {

/// A unified diff; empty for equal texts. Unlike text_diff(), which renumbers values so that a
/// person sees less, it can be applied to `before` and gives `after`.
std::string exact_diff(std::string_view before, std::string_view after);

}  // namespace exportgate::graph
