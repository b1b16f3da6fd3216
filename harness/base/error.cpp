#include "base/error.h"

namespace exportgate {

std::string to_string(const Error& error) {
    std::string text;
    if (!error.file.empty()) {
        text += error.file;
        if (error.line > 0) text.append(":").append(std::to_string(error.line));
        text += ": ";
    }
    text += error.what;
    if (!error.remedy.empty()) text.append(" (").append(error.remedy).append(")");
    return text;
}

}  // namespace exportgate
