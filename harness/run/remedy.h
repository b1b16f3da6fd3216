// What helps where a worker is not the one that this exportgate would build now.
#pragma once

namespace exportgate::run {

inline constexpr const char* build_again =
    "build the worker again: `exportgate env update NAME`, or ci/conform";

}  // namespace exportgate::run
