// Reads the document as a stream of events: a callback of nlohmann's parser looks at all members
// of a list again whenever one of them ends, so long lists take quadratic time.
#include <fmt/format.h>

#include "archive/json_place.h"

namespace exportgate::archive {
namespace {

constexpr std::size_t deepest = 150;

/// What nlohmann::json::sax_parse() calls; false ends the reading.
class DocumentBuilder : public nlohmann::json_sax<nlohmann::json> {
  public:
    bool null() override {
        return add(nullptr);
    }
    bool boolean(bool value) override {
        return add(value);
    }
    bool number_integer(number_integer_t value) override {
        return add(value);
    }
    bool number_unsigned(number_unsigned_t value) override {
        return add(value);
    }
    bool number_float(number_float_t value, const string_t&) override {
        return add(value);
    }
    bool string(string_t& value) override {
        return add(std::move(value));
    }
    bool binary(binary_t& value) override {
        return add(std::move(value));
    }
    bool start_object(std::size_t) override {
        return open(nlohmann::json::object());
    }
    bool start_array(std::size_t) override {
        return open(nlohmann::json::array());
    }
    bool end_object() override {
        return close();
    }
    bool end_array() override {
        return close();
    }

    bool key(string_t& key) override {
        if (is_too_deep()) return false;
        const auto [member, is_new] = open_.back()->emplace(key, nullptr);
        if (!is_new) return fail(fmt::format("has the key {:.80} twice in one object", key));
        member_ = &*member;
        return true;
    }

    bool parse_error(std::size_t, const std::string&, const nlohmann::json::exception&) override {
        return fail("is no JSON");
    }

    const std::string& mistake() const {
        return mistake_;
    }
    nlohmann::json take() {
        return std::move(document_);
    }

  private:
    bool fail(std::string what) {
        mistake_ = std::move(what);
        return false;
    }

    bool is_too_deep() {
        return open_.size() > deepest && !fail(fmt::format("is nested deeper than {}", deepest));
    }

    /// Where the next value belongs: the document, a list, or the member whose key was read.
    nlohmann::json* put(nlohmann::json value) {
        if (!open_.empty() && open_.back()->is_array())
            return &open_.back()->emplace_back(std::move(value));
        nlohmann::json* place = open_.empty() ? &document_ : member_;
        *place = std::move(value);
        return place;
    }

    bool add(nlohmann::json value) {
        if (is_too_deep()) return false;
        put(std::move(value));
        return true;
    }

    bool open(nlohmann::json empty) {
        if (is_too_deep()) return false;
        open_.push_back(put(std::move(empty)));
        return true;
    }

    bool close() {
        open_.pop_back();
        return true;
    }

    nlohmann::json document_;
    std::vector<nlohmann::json*> open_;  // lists and objects that have not ended
    nlohmann::json* member_ = nullptr;
    std::string mistake_;
};

}  // namespace

Result<nlohmann::json> parse_document(std::string_view text, const std::string& shown) {
    // nlohmann's reader skips the one and ends at the other; torch takes neither.
    if (text.starts_with("\xEF\xBB\xBF") || text.find('\0') != std::string_view::npos)
        return tl::unexpected(Error{shown, 0, "is no JSON", "save the program again"});
    DocumentBuilder builder;
    nlohmann::json::sax_parse(text.begin(), text.end(), &builder);
    if (builder.mistake().empty()) return builder.take();
    return tl::unexpected(Error{shown, 0, builder.mistake(), "save the program again"});
}

}  // namespace exportgate::archive
