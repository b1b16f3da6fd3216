#include "outcome/message_line.h"

#include <algorithm>
#include <array>
#include <optional>
#include <vector>

#include "record/place_words.h"

namespace exportgate::outcome {
namespace {

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

bool is_word(char c) {
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

bool is_hex(char c) {
    return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

bool is_in_path(char c) {
    return is_word(c) || std::string_view("./-+@=~%").find(c) != std::string_view::npos;
}

std::string_view file_name(std::string_view path) {
    while (path.size() > 1 && path.back() == '/')
        path.remove_suffix(1);
    const std::size_t slash = path.rfind('/');
    return slash == std::string_view::npos ? path : path.substr(slash + 1);
}

bool is_source_file(std::string_view path) {
    constexpr std::array<std::string_view, 8> endings{".py", ".cpp", ".cc", ".c",
                                                      ".h",  ".hpp", ".cu", ".pyx"};
    return std::any_of(endings.begin(), endings.end(),
                       [&](std::string_view ending) { return path.ends_with(ending); });
}

/// "<cases>/a/case.py" as the absolute path that it was before it was recorded, so that the rules
/// below need not know the words for folders.
std::string with_places_as_folders(std::string_view line) {
    std::string out(line);
    for (const std::string_view word : record::place_words) {
        for (std::size_t at = 0; (at = out.find(word, at)) != std::string::npos; ++at) {
            const std::size_t end = at + word.size();
            if (end == out.size() || out[end] != '/') continue;
            out.erase(end - 1, 1);
            out[at] = '/';
        }
    }
    return out;
}

/// Walks over a line once; each rule looks at the place where the walk is and either takes what it
/// knows or leaves it.
class Neutraliser {
  public:
    explicit Neutraliser(std::string line)
        : line_of_folders_(std::move(line)), line_(line_of_folders_) {
        out_.reserve(line_.size());
    }

    std::string run() {
        while (at_ < line_.size()) {
            if (take_file() || take_line_number() || take_set() || take_list_of_classes() ||
                take_quoted_path() || take_place_in_parentheses() || take_absolute_path() ||
                take_source_position() || take_address() || take_number() || take_counter()) {
                continue;
            }
            out_ += line_[at_++];
        }
        while (!out_.empty() && (out_.back() == ' ' || out_.back() == '\t' || out_.back() == '\r'))
            out_.pop_back();
        return std::move(out_);
    }

  private:
    std::string_view rest() const {
        return line_.substr(at_);
    }
    char before() const {
        return at_ == 0 ? ' ' : line_[at_ - 1];
    }
    char at(std::size_t i) const {
        return i < line_.size() ? line_[i] : '\0';
    }

    std::size_t end_of_digits(std::size_t from) const {
        while (is_digit(at(from)))
            ++from;
        return from;
    }

    void skip_colon_number() {
        if (at(at_) == ':' && is_digit(at(at_ + 1))) at_ = end_of_digits(at_ + 1);
    }

    /// File "/a/b/case.py"
    bool take_file() {
        constexpr std::string_view opening = "File \"";
        if (!rest().starts_with(opening) || is_word(before())) return false;
        const std::size_t begin = at_ + opening.size();
        const std::size_t end = line_.find('"', begin);
        if (end == std::string_view::npos) return false;
        // "<eval_with_key>.12" counts what was compiled before in the same process
        std::string_view path = line_.substr(begin, end - begin);
        if (path.starts_with('<')) path = path.substr(0, path.find('>') + 1);
        out_.append(opening).append(path.starts_with('<') ? path : file_name(path)).append("\"");
        at_ = end + 1;
        return true;
    }

    /// The ", line 12" after a file's name
    bool take_line_number() {
        constexpr std::string_view opening = ", line ";
        if (!rest().starts_with(opening) || !is_digit(at(at_ + opening.size()))) return false;
        const std::string_view so_far = out_;
        if (!so_far.ends_with("\"") && !so_far.ends_with(">") && !is_source_file(so_far))
            return false;
        at_ = end_of_digits(at_ + opening.size());
        return true;
    }

    /// [<class 'str'>, <class 'int'>, ...]: the types that export supports, in the order of a set,
    /// and as many as this build knows ("torch._C._CudaDeviceProperties", triton's where it is
    /// installed). Lists that short that somebody wrote them stay.
    bool take_list_of_classes() {
        constexpr std::string_view begin = "<class '";
        constexpr int fewest = 8;
        if (at(at_) != '[' || !line_.substr(at_ + 1).starts_with(begin)) return false;
        const std::size_t end = line_.find(']', at_);
        if (end == std::string_view::npos) return false;
        const std::string_view list = line_.substr(at_, end - at_);
        int count = 0;
        for (auto place = list.find(begin); place != std::string_view::npos;
             place = list.find(begin, place + 1))
            ++count;
        if (count < fewest) return false;
        out_ += "[<classes>]";
        at_ = end + 1;
        return true;
    }

    /// {'b', 'a'}: a set of strings is printed in the order of PYTHONHASHSEED
    bool take_set() {
        if (at(at_) != '{' || (at(at_ + 1) != '\'' && at(at_ + 1) != '"')) return false;
        std::vector<std::string_view> items;
        for (std::size_t begin = at_ + 1;;) {
            const char quote = at(begin);
            if (quote != '\'' && quote != '"') return false;
            std::size_t end = begin + 1;
            while (end < line_.size() && line_[end] != quote)
                end += line_[end] == '\\' ? 2 : 1;
            if (end >= line_.size()) return false;
            items.push_back(line_.substr(begin, end + 1 - begin));
            if (at(end + 1) == '}') {
                at_ = end + 2;
                break;
            }
            if (at(end + 1) != ',' || at(end + 2) != ' ') return false;
            begin = end + 3;
        }
        std::sort(items.begin(), items.end());
        out_ += '{';
        for (std::size_t i = 0; i < items.size(); ++i)
            out_.append(i == 0 ? "" : ", ").append(items[i]);
        out_ += '}';
        return true;
    }

    /// '/a b/c.json': between quotes a path may have blanks
    bool take_quoted_path() {
        const char quote = at(at_);
        if ((quote != '\'' && quote != '"') || at(at_ + 1) != '/') return false;
        const std::size_t end = line_.find(quote, at_ + 1);
        if (end == std::string_view::npos) return false;
        const std::string_view path = line_.substr(at_ + 1, end - at_ - 1);
        if (path.find('/', 1) == std::string_view::npos) return false;
        out_ += quote;
        out_.append(file_name(path));
        out_ += quote;
        at_ = end + 1;
        return true;
    }

    /// (my cases/one/case.py:48 in forward), # my cases/one/case.py:48 in forward: torch shortens
    /// the path to its last folders, which may have blanks
    bool take_place_in_parentheses() {
        const bool comment = at(at_) == '#' && at(at_ + 1) == ' ';
        if (at(at_) != '(' && !comment) return false;
        const std::size_t begin = at_ + (comment ? 2 : 1);
        const std::size_t end = line_.find_first_of("()#:", begin);
        if (end == std::string_view::npos || line_[end] != ':' || !is_digit(at(end + 1)))
            return false;
        const std::string_view path = line_.substr(begin, end - begin);
        const std::size_t after = end_of_digits(end + 1);
        if (!is_source_file(path) || !line_.substr(after).starts_with(" in ")) return false;
        out_.append(comment ? "# " : "(").append(file_name(path));
        at_ = after;
        return true;
    }

    bool take_absolute_path() {
        if (at(at_) != '/' || is_in_path(before()) ||
            std::string_view(":)]}\"'").find(before()) != std::string_view::npos) {
            return false;
        }
        std::size_t end = at_ + 1;
        while (is_in_path(at(end)))
            ++end;
        const std::string_view path = line_.substr(at_, end - at_);
        if (!is_word(at(at_ + 1)) && at(at_ + 1) != '.') return false;
        if (path.find('/', 1) == std::string_view::npos) return false;
        out_.append(file_name(path));
        at_ = end;
        skip_colon_number();
        return true;
    }

    /// _export/non_strict_utils.py:1205
    bool take_source_position() {
        if (!is_in_path(at(at_)) || is_in_path(before())) return false;
        std::size_t end = at_;
        while (is_in_path(at(end)))
            ++end;
        const std::string_view path = line_.substr(at_, end - at_);
        if (at(end) != ':' || !is_digit(at(end + 1)) || !is_source_file(path)) return false;
        out_.append(file_name(path));
        at_ = end_of_digits(end + 1);
        return true;
    }

    bool take_address() {
        if (is_word(before()) || at(at_) != '0' || at(at_ + 1) != 'x') return false;
        std::size_t end = at_ + 2;
        while (is_hex(at(end)))
            ++end;
        if (end - at_ < 8 || is_word(at(end))) return false;
        out_ += "0x...";
        at_ = end;
        return true;
    }

    /// id(object), and durations. Other numbers belong to the outcome.
    bool take_number() {
        if (!is_digit(at(at_)) || is_word(before()) || before() == '.') return false;
        std::size_t end = end_of_digits(at_);
        // id() is an address of 47 bits: 14 or 15 digits where Linux maps memory. No extent of a
        // tensor is that long.
        if ((end - at_ == 14 || end - at_ == 15) && !is_word(at(end)) && at(end) != '.') {
            out_ += "<id>";
            at_ = end;
            return true;
        }
        if (at(end) != '.' || !is_digit(at(end + 1))) return false;
        end = end_of_digits(end + 1);
        if (at(end) == ' ') ++end;
        for (const std::string_view unit :
             {"seconds", "second", "secs", "sec", "ms", "us", "ns", "s"}) {
            if (!line_.substr(end).starts_with(unit) || is_word(at(end + unit.size()))) continue;
            out_ += "<time>";
            at_ = end + unit.size();
            return true;
        }
        return false;
    }

    /// Counters of what happened before in the same process, or of the stack's depth
    bool take_counter() {
        constexpr std::string_view compiled = "<eval_with_key>.";
        constexpr std::string_view repeated = "[Previous line repeated ";
        if (rest().starts_with(compiled) && is_digit(at(at_ + compiled.size()))) {
            out_ += "<eval_with_key>";
            at_ = end_of_digits(at_ + compiled.size());
            return true;
        }
        if (rest().starts_with(repeated) && is_digit(at(at_ + repeated.size()))) {
            out_ += "[Previous line repeated";
            at_ = end_of_digits(at_ + repeated.size());
            return true;
        }
        return false;
    }

    std::string line_of_folders_;
    std::string_view line_;
    std::size_t at_ = 0;
    std::string out_;
};

/// Calls text(part) and symbol(name) for the parts of `line`.
template <class OnText, class OnSymbol>
void for_each_part(std::string_view line, OnText text, OnSymbol symbol) {
    std::size_t done = 0;
    for (std::size_t i = 0; i < line.size(); ++i) {
        if ((line[i] != 's' && line[i] != 'u') || i + 1 >= line.size() || !is_digit(line[i + 1]))
            continue;
        // "self.s1" is an attribute
        if (i > 0 && (is_word(line[i - 1]) || line[i - 1] == '.')) continue;
        std::size_t end = i + 1;
        while (end < line.size() && is_digit(line[end]))
            ++end;
        if (end < line.size() && is_word(line[end])) continue;
        text(line.substr(done, i - done));
        symbol(std::string(line.substr(i, end - i)));
        done = end;
        i = end - 1;
    }
    text(line.substr(done));
}

}  // namespace

std::string neutral_line(std::string_view line) {
    return Neutraliser(with_places_as_folders(line)).run();
}

bool is_noise(std::string_view line) {
    const std::size_t first = line.find_first_not_of(" \t");
    if (first == std::string_view::npos) return false;
    const std::string_view text = line.substr(first);
    if (text.starts_with("frame #") && text.size() > 7 && is_digit(text[7])) return true;
    return text.find('^') != std::string_view::npos &&
           text.find_first_not_of("^~ \t\r") == std::string_view::npos;
}

std::string without_symbols(std::string_view line) {
    std::string out;
    for_each_part(
        line, [&](std::string_view text) { out += text; },
        [&](const std::string&) { out += "s#"; });
    return out;
}

std::string SymbolNames::rename(std::string_view line) {
    std::string out;
    for_each_part(
        line, [&](std::string_view text) { out += text; },
        [&](const std::string& symbol) { out += name_of(symbol); });
    return out;
}

const std::string& SymbolNames::name_of(const std::string& symbol) {
    const auto known = names_.find(symbol);
    if (known != names_.end()) return known->second;
    if (kept_.contains(symbol)) return names_.emplace(symbol, symbol).first->second;
    std::string name;
    do {
        name = symbol.front() + std::to_string(next_[symbol.front()]++);
    } while (kept_.contains(name));
    return names_.emplace(symbol, std::move(name)).first->second;
}

}  // namespace exportgate::outcome
