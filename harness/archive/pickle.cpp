#include "archive/pickle.h"

#include <fmt/format.h>

#include <unordered_map>

#include "base/files.h"

namespace exportgate::archive {
namespace {

using Kind = Pickled::Kind;

// A value takes a hundred times the memory of its opcode, and texts can be joined again and again.
constexpr std::size_t most_values = 4'000'000;
constexpr std::size_t most_text = 64u << 20;

// The opcodes of Python's pickletools that protocols 2 to 4 need for what torch.save writes.
enum Opcode : unsigned char {
    mark = '(',
    stop = '.',
    binfloat = 'G',
    binint = 'J',
    binint1 = 'K',
    binint2 = 'M',
    none = 'N',
    binpersid = 'Q',
    reduce = 'R',
    binunicode = 'X',
    append = 'a',
    build = 'b',
    global = 'c',
    appends = 'e',
    binget = 'h',
    long_binget = 'j',
    empty_list = ']',
    binput = 'q',
    long_binput = 'r',
    setitem = 's',
    tuple = 't',
    setitems = 'u',
    empty_tuple = ')',
    empty_dict = '}',
    proto = 0x80,
    newobj = 0x81,
    tuple1 = 0x85,
    tuple2 = 0x86,
    tuple3 = 0x87,
    newtrue = 0x88,
    newfalse = 0x89,
    long1 = 0x8a,
    short_binunicode = 0x8c,
    stack_global = 0x93,
    memoize = 0x94,
    frame = 0x95,
};

class PickleReader {
  public:
    PickleReader(std::string_view bytes, const std::string& shown) : rest_(bytes), shown_(shown) {}

    Result<PickledDocument> read() {
        while (mistake_.empty()) {
            const auto opcode = static_cast<Opcode>(take_integer(1));
            if (mistake_.empty() && opcode == stop) break;
            if (mistake_.empty()) step(opcode);
        }
        if (mistake_.empty() && (stack_.size() != 1 || !marks_.empty() || !rest_.empty()))
            fail("does not end with one value");
        if (!mistake_.empty()) {
            return tl::unexpected(
                Error{shown_, 0, "a pickle that cannot be read: " + mistake_, {}});
        }
        document_.root = stack_.back();
        return std::move(document_);
    }

  private:
    using Ref = Pickled*;  // into the document, whose values never move

    void fail(std::string what) {
        if (mistake_.empty()) mistake_ = std::move(what);
    }

    std::string_view take(std::uint64_t count) {
        if (count > rest_.size()) {
            fail("is truncated");
            return {};
        }
        const std::string_view taken = rest_.substr(0, count);
        rest_.remove_prefix(count);
        return taken;
    }

    /// Little endian, without a sign.
    std::uint64_t take_integer(std::size_t bytes) {
        const std::string_view taken = take(bytes);
        std::uint64_t value = 0;
        for (std::size_t i = taken.size(); i > 0; --i)
            value = value << 8 | static_cast<unsigned char>(taken[i - 1]);
        return value;
    }

    std::int64_t take_long() {
        const std::uint64_t size = take_integer(1);
        if (size > 8) fail("has an integer of more than 64 bits");
        if (!mistake_.empty() || size == 0) return 0;
        const std::uint64_t value = take_integer(size);
        const std::uint64_t shift = 64 - 8 * size;
        return static_cast<std::int64_t>(value << shift) >> shift;
    }

    std::string take_line() {
        const std::size_t end = rest_.find('\n');
        const std::string line(take(end == std::string_view::npos ? rest_.size() + 1 : end));
        if (mistake_.empty()) take(1);
        return line;
    }

    Ref push(Kind kind, std::int64_t integer = 0, std::string text = {}) {
        bytes_of_text_ += text.size();
        if (document_.values.size() >= most_values)
            fail(fmt::format("has more than {} values", most_values));
        if (bytes_of_text_ > most_text)
            fail(fmt::format("has more than {} bytes of text", most_text));
        Pickled& value = document_.values.emplace_back();
        value.kind = kind;
        value.integer = integer;
        value.text = std::move(text);
        stack_.push_back(&value);
        return &value;
    }

    Ref pop() {
        if (stack_.empty() || (!marks_.empty() && stack_.size() <= marks_.back())) {
            fail("takes more values than it has");
            return &document_.values.emplace_back();
        }
        const Ref value = stack_.back();
        stack_.pop_back();
        return value;
    }

    std::vector<PickledRef> pop_to_mark() {
        if (marks_.empty()) {
            fail("takes more values than it has");
            return {};
        }
        std::vector<PickledRef> values(stack_.begin() + static_cast<std::ptrdiff_t>(marks_.back()),
                                       stack_.end());
        stack_.resize(marks_.back());
        marks_.pop_back();
        return values;
    }

    void sequence(std::vector<PickledRef> items) {
        push(Kind::sequence)->items = std::move(items);
    }

    void tuple_of(std::size_t count) {
        std::vector<PickledRef> items(count);
        for (std::size_t i = count; i > 0; --i)
            items[i - 1] = pop();
        sequence(std::move(items));
    }

    void text_value(std::string_view text) {
        if (!is_utf8(text)) fail("has a text that is no UTF-8");
        push(Kind::text, 0, std::string(text));
    }

    void add(Ref to, std::vector<PickledRef> values, bool in_pairs) {
        if (!in_pairs) {
            if (to->kind != Kind::sequence) return fail("adds to what is no list");
            to->items.insert(to->items.end(), values.begin(), values.end());
            return;
        }
        if ((to->kind != Kind::mapping && to->kind != Kind::call) || values.size() % 2 != 0)
            return fail("adds to what is no dict");
        for (std::size_t i = 0; i + 1 < values.size(); i += 2)
            to->pairs.emplace_back(values[i], values[i + 1]);
    }

    void add_to_top(std::vector<PickledRef> values, bool in_pairs) {
        const Ref to = pop();
        add(to, std::move(values), in_pairs);
        stack_.push_back(to);
    }

    void call() {
        const PickledRef arguments = pop();
        const PickledRef callee = pop();
        if (callee->kind != Kind::name || arguments->kind != Kind::sequence)
            return fail("calls what has no name");
        push(Kind::call)->items = {callee, arguments};
    }

    /// The state of an object; of an OrderedDict with attributes, too. Kept as a third item.
    void set_state() {
        const PickledRef state = pop();
        const Ref object = pop();
        if (object->kind != Kind::call || object->items.size() != 2 || state == object)
            return fail("sets the state of what has none");
        object->items.push_back(state);
        stack_.push_back(object);
    }

    void get(std::uint64_t index) {
        const auto at = memo_.find(index);
        if (at == memo_.end()) return fail("refers to what was not stored");
        stack_.push_back(at->second);
    }

    void put(std::uint64_t index) {
        const Ref value = pop();
        memo_[index] = value;
        stack_.push_back(value);
    }

    void step(Opcode opcode) {
        switch (opcode) {
            case proto:
                take(1);
                return;
            case frame:
                take(8);
                return;
            case mark:
                marks_.push_back(stack_.size());
                return;
            case stop:
                return;
            case none:
                push(Kind::none);
                return;
            case newtrue:
                push(Kind::boolean, 1);
                return;
            case newfalse:
                push(Kind::boolean, 0);
                return;
            case binint:
                push(Kind::integer, static_cast<std::int32_t>(take_integer(4)));
                return;
            case binint1:
                push(Kind::integer, static_cast<std::int64_t>(take_integer(1)));
                return;
            case binint2:
                push(Kind::integer, static_cast<std::int64_t>(take_integer(2)));
                return;
            case long1:
                push(Kind::integer, take_long());
                return;
            case binfloat:
                take(8);
                push(Kind::number);
                return;
            case binunicode:
                text_value(take(take_integer(4)));
                return;
            case short_binunicode:
                text_value(take(take_integer(1)));
                return;
            case empty_list:
            case empty_tuple:
                push(Kind::sequence);
                return;
            case empty_dict:
                push(Kind::mapping);
                return;
            case tuple:
                sequence(pop_to_mark());
                return;
            case tuple1:
                tuple_of(1);
                return;
            case tuple2:
                tuple_of(2);
                return;
            case tuple3:
                tuple_of(3);
                return;
            case append:
                add_last(false);
                return;
            case setitem:
                add_last(true);
                return;
            case appends:
                add_to_top(pop_to_mark(), false);
                return;
            case setitems:
                add_to_top(pop_to_mark(), true);
                return;
            case global: {
                const std::string module = take_line();
                push(Kind::name, 0, module + "." + take_line());
                return;
            }
            case stack_global: {
                const PickledRef name = pop();
                const PickledRef module = pop();
                if (name->kind != Kind::text || module->kind != Kind::text)
                    return fail("names what is no text");
                push(Kind::name, 0, module->text + "." + name->text);
                return;
            }
            case reduce:
            case newobj:
                call();
                return;
            case build:
                set_state();
                return;
            case binpersid: {
                const PickledRef what = pop();
                push(Kind::persistent)->items = {what};
                return;
            }
            case binput:
                put(take_integer(1));
                return;
            case long_binput:
                put(take_integer(4));
                return;
            case memoize:
                put(memo_.size());
                return;
            case binget:
                get(take_integer(1));
                return;
            case long_binget:
                get(take_integer(4));
                return;
        }
        fail(fmt::format("has the unknown opcode {:#04x}", static_cast<unsigned>(opcode)));
    }

    void add_last(bool in_pairs) {
        std::vector<PickledRef> values(in_pairs ? 2 : 1);
        for (std::size_t i = values.size(); i > 0; --i)
            values[i - 1] = pop();
        add_to_top(std::move(values), in_pairs);
    }

    std::string_view rest_;
    const std::string& shown_;
    std::string mistake_;
    PickledDocument document_;
    std::size_t bytes_of_text_ = 0;
    std::vector<Ref> stack_;
    std::vector<std::size_t> marks_;
    std::unordered_map<std::uint64_t, Ref> memo_;
};

}  // namespace

Result<PickledDocument> read_pickle(std::string_view bytes, const std::string& shown) {
    return PickleReader(bytes, shown).read();
}

}  // namespace exportgate::archive
