#include "ended.h"

#include "terminal.h"

namespace exportgate::cli {

int finish(const Ended& ended) {
    print_errors(ended.errors());
    return ended.exit_code();
}

}  // namespace exportgate::cli
