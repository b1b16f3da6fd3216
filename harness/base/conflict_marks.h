// The marks that git leaves in a file that two branches changed.
#pragma once

#include <string_view>

namespace exportgate {

bool is_conflict_mark(std::string_view line);

/// The line in which the first conflict begins; 0: there is none. It takes the first and the last
/// mark of it, since a message of torch may have a line that looks like one.
int line_of_conflict(std::string_view text);

}  // namespace exportgate
