// One line of an error message without what differs from machine to machine and from run to run:
// folders, line numbers of files, addresses, object ids, durations, the order of sets, the names of
// symbols.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>

namespace exportgate::outcome {

/// `File "/a/b/case.py", line 12, in f` becomes `File "case.py", in f`; 0x7f53870cea40 becomes
/// 0x...; {'b', 'a'} becomes {'a', 'b'}; a long list of classes becomes [<classes>]. Symbol names
/// are left: see SymbolNames. Blanks at the end go.
std::string neutral_line(std::string_view line);

/// True for lines that say nothing of their own: Python's ^^^^ marks (absent before 3.11) and the
/// frames of a C++ stack trace.
bool is_noise(std::string_view line);

/// `line` with every symbol (s27, u0) replaced by one and the same word: what the line says
/// whatever torch called them.
std::string without_symbols(std::string_view line);

/// Gives symbols canonical names by first appearance: s27 and s61 become s0 and s1. One object for
/// one message.
class SymbolNames {
  public:
    /// `kept`: names that look like symbols and are none (a dim that its case calls "s1").
    explicit SymbolNames(const std::set<std::string>& kept) : kept_(kept) {}

    std::string rename(std::string_view line);

  private:
    const std::string& name_of(const std::string& symbol);

    const std::set<std::string>& kept_;
    std::map<std::string, std::string> names_;
    std::map<char, int> next_;  // by the letter: s counts apart from u
};

}  // namespace exportgate::outcome
