// Names that figures can have as files and as ids.
#pragma once

#include <set>
#include <string>

namespace exportgate::page {

class FigureNames {
  public:
    /// `text` with '-' for all but letters, digits, '_' and '-'; with a number behind it where that
    /// was given already.
    std::string unique(const std::string& text) {
        std::string name;
        for (const char c : text) {
            const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                               (c >= '0' && c <= '9') || c == '_' || c == '-';
            name += plain ? c : '-';
        }
        std::string free = name;
        for (int i = 2; !given_.insert(free).second; ++i)
            free = name + "-" + std::to_string(i);
        return free;
    }

  private:
    std::set<std::string> given_;
};

}  // namespace exportgate::page
