#include "base/torch_version.h"

#include <algorithm>
#include <charconv>
#include <limits>
#include <optional>

namespace exportgate {
namespace {

// Ranks of the first entry of phase_, in the order of PEP 440. A version with only a dev part sorts
// before every pre-release of the same release.
constexpr long rank_dev_only = -1;
constexpr long rank_alpha = 0;
constexpr long rank_beta = 1;
constexpr long rank_candidate = 2;
constexpr long rank_final = 3;
constexpr long no_post = -1;
constexpr long no_dev = std::numeric_limits<long>::max();

class Reader {
  public:
    explicit Reader(std::string_view rest) : rest_(rest) {}

    bool done() const {
        return rest_.empty();
    }

    bool take(std::string_view word) {
        if (!rest_.starts_with(word)) return false;
        rest_.remove_prefix(word.size());
        return true;
    }

    std::optional<long> number() {
        long value = 0;
        const auto [end, error] = std::from_chars(rest_.data(), rest_.data() + rest_.size(), value);
        if (error != std::errc{} || value < 0 || rest_.front() == '-') return std::nullopt;
        rest_.remove_prefix(static_cast<std::size_t>(end - rest_.data()));
        return value;
    }

    /// A part like ".dev20261101", "-rc.2", "_post": an optional separator, one of `words`, an
    /// optional number (0 where absent).
    std::optional<long> part(std::initializer_list<std::string_view> words) {
        const std::string_view start = rest_;
        if (!rest_.empty() && separator(rest_.front())) rest_.remove_prefix(1);
        for (const std::string_view word : words) {
            if (!take(word)) continue;
            if (rest_.size() > 1 && separator(rest_.front()) && digit(rest_[1]))
                rest_.remove_prefix(1);
            if (rest_.empty() || !digit(rest_.front())) return 0;
            return number();
        }
        rest_ = start;
        return std::nullopt;
    }

  private:
    static bool separator(char c) {
        return c == '.' || c == '-' || c == '_';
    }
    static bool digit(char c) {
        return c >= '0' && c <= '9';
    }

    std::string_view rest_;
};

Error not_a_version(std::string_view text) {
    return Error{.what = std::string("\"").append(text).append("\" is not a torch version"),
                 .remedy = "write it like 2.13.0, 2.14.0rc2 or 2.15.0.dev20261101"};
}

std::string lower_case(std::string_view text) {
    std::string lower(text);
    for (char& c : lower) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
    return lower;
}

}  // namespace

Result<TorchVersion> TorchVersion::parse(std::string_view text) {
    const std::string lower = lower_case(text);
    const std::size_t plus = lower.find('+');
    if (plus != std::string::npos) {
        const std::string local = lower.substr(plus + 1);
        if (local.empty() || local.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789._-") !=
                                 std::string::npos) {
            return tl::unexpected(not_a_version(text));
        }
    }
    Reader reader(std::string_view(lower).substr(0, plus));
    reader.take("v");

    TorchVersion version;
    do {
        const std::optional<long> number = reader.done() ? std::nullopt : reader.number();
        if (!number) return tl::unexpected(not_a_version(text));
        if (!version.key_.empty()) version.text_ += ".";
        version.text_ += std::to_string(*number);
        version.key_.push_back(*number);
        // ".dev1" and ".post1" also start with a dot
        Reader ahead = reader;
        if (!ahead.take(".") || ahead.done() || !ahead.number()) break;
    } while (reader.take("."));
    while (!version.key_.empty() && version.key_.back() == 0)
        version.key_.pop_back();

    long rank = rank_final;
    long pre = 0;
    if (const auto alpha = reader.part({"alpha", "a"})) {
        rank = rank_alpha;
        pre = *alpha;
        version.text_.append("a").append(std::to_string(pre));
    } else if (const auto beta = reader.part({"beta", "b"})) {
        rank = rank_beta;
        pre = *beta;
        version.text_.append("b").append(std::to_string(pre));
    } else if (const auto candidate = reader.part({"rc", "c", "preview", "pre"})) {
        rank = rank_candidate;
        pre = *candidate;
        version.text_.append("rc").append(std::to_string(pre));
    }
    const auto post = reader.part({"post", "rev", "r"});
    if (post) version.text_.append(".post").append(std::to_string(*post));
    const auto dev = reader.part({"dev"});
    if (dev) version.text_.append(".dev").append(std::to_string(*dev));
    if (!reader.done()) return tl::unexpected(not_a_version(text));
    if (dev && !post && rank == rank_final) rank = rank_dev_only;
    version.phase_ = {rank, pre, post.value_or(no_post), dev.value_or(no_dev)};
    return version;
}

std::strong_ordering TorchVersion::operator<=>(const TorchVersion& other) const {
    if (const auto order = key_ <=> other.key_; order != 0) return order;
    return phase_ <=> other.phase_;
}

bool TorchVersion::operator==(const TorchVersion& other) const {
    return key_ == other.key_ && phase_ == other.phase_;
}

bool is_torch(std::string_view asked, std::string_view torch_build) {
    const Result<TorchVersion> release = TorchVersion::parse(asked);
    const Result<TorchVersion> there = TorchVersion::parse(torch_build);
    if (!release || !there || *release != *there) return false;
    const auto build = [](std::string_view version) {
        return version.substr(std::min(version.find('+'), version.size()));
    };
    return build(asked).empty() || build(asked) == build(torch_build);
}

}  // namespace exportgate
