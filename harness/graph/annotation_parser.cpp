#include "graph/annotation_parser.h"

#include "graph/characters.h"

namespace exportgate::graph {
namespace {

/// The name of a class, in any script.
bool is_identifier(std::string_view text) {
    if (text.empty() || is_digit(text.front())) return false;
    for (const char c : text) {
        if (!is_digit(c) && !is_letter(c) && static_cast<unsigned char>(c) < 128) return false;
    }
    return true;
}

/// "S(0)R", "PS(1)[1]S(1)[0]R", "MaskP(sum, torch.Size([4]), 0)": kept as it is, so any text that
/// can stand in quotes.
bool is_placement(std::string_view text) {
    for (const char c : text) {
        if (c == '"' || c == '\'' || c == '\\' || static_cast<unsigned char>(c) < 32) return false;
    }
    return !text.empty();
}

}  // namespace

bool AnnotationParser::parse_type(std::string_view& type) {
    if (reader_.token().kind != Token::Kind::name && reader_.token().kind != Token::Kind::string) {
        return reader_.fail("a type");
    }
    type = reader_.token().text;
    reader_.advance();
    return true;
}

bool AnnotationParser::parse(Annotation& annotation) {
    if (!reader_.accept(":")) return true;
    const Token token = reader_.token();
    if (token.kind == Token::Kind::name) {
        annotation.kind = Annotation::Kind::type;
        return parse_type(annotation.dtype);
    }
    if (token.kind != Token::Kind::string) return reader_.fail("an annotation");
    reader_.advance();
    std::string_view text = token.text.substr(1, token.text.size() - 2);
    if (text.starts_with("Sym(") && text.ends_with(')')) {
        annotation.kind = Annotation::Kind::scalar;
        return parse_scalar(text.substr(4, text.size() - 5), annotation, token);
    }
    annotation.kind = Annotation::Kind::tensor;
    const std::size_t bracket = text.find_first_of("([");
    if (bracket != std::string_view::npos && text[bracket] == '(' && text.ends_with(')')) {
        return parse_subclass(text, annotation, token);
    }
    return parse_tensor(text, annotation, token) && (text.empty() || fail_end(token, text));
}

bool AnnotationParser::parse_scalar(std::string_view text, Annotation& annotation,
                                    const Token& token) {
    ExpressionError error;
    const auto expression = parse_whole_expression(text, program_.expressions, error);
    if (!expression) return fail(token, error);
    annotation.first = static_cast<std::uint32_t>(program_.dims.size());
    annotation.count = 1;
    program_.dims.push_back(*expression);
    return true;
}

/// torch prints "Class(f32[3])" for a subclass of Tensor, and "DTensor(f32[4, 4], S(0))" with how
/// the tensor lies on its mesh, which no other part of the print says.
bool AnnotationParser::parse_subclass(std::string_view text, Annotation& annotation,
                                      const Token& token) {
    const std::size_t bracket = text.find('(');
    annotation.subclass = text.substr(0, bracket);
    if (!is_identifier(annotation.subclass)) {
        return fail(token, {quoted(annotation.subclass), "the name of a class of tensors"});
    }
    std::string_view rest = text.substr(bracket + 1, text.size() - bracket - 2);
    if (!parse_tensor(rest, annotation, token)) return false;
    if (rest.empty()) return true;
    constexpr std::string_view separator = ", ";
    if (!rest.starts_with(separator) || !is_placement(rest.substr(separator.size()))) {
        return fail(token, {quoted(rest.substr(0, 20)), "')' or the placement of a DTensor"});
    }
    annotation.placement = rest.substr(separator.size());
    return true;
}

/// "f32[s27, 8]" at the start of `text`, which moves behind it.
bool AnnotationParser::parse_tensor(std::string_view& text, Annotation& annotation,
                                    const Token& token) {
    const std::size_t bracket = text.find('[');
    const std::string_view dtype = text.substr(0, bracket);
    bool is_word = !dtype.empty() && bracket != std::string_view::npos;
    for (const char c : dtype) {
        is_word = is_word && ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_');
    }
    if (!is_word) return fail(token, {{}, "a tensor such as \"f32[3, 4]\" or \"Sym(...)\""});
    annotation.dtype = dtype;
    annotation.first = static_cast<std::uint32_t>(program_.dims.size());
    text = text.substr(bracket + 1);
    ExpressionError error;
    bool more = !text.starts_with(']');
    while (more) {
        const auto dim = parse_expression(text, program_.expressions, error);
        if (!dim) return fail(token, error);
        program_.dims.push_back(*dim);
        ++annotation.count;
        more = text.starts_with(", ");
        if (more) text.remove_prefix(2);
    }
    if (!text.starts_with(']')) return fail_end(token, text);
    text.remove_prefix(1);
    return true;
}

bool AnnotationParser::fail_end(const Token& token, std::string_view rest) {
    return fail(token, {quoted(rest.substr(0, 20)), "']' at the end of the annotation"});
}

bool AnnotationParser::fail(const Token& token, const ExpressionError& error) {
    std::string found = describe(token);
    if (!error.found.empty()) found = concat({found, " with ", error.found});
    return reader_.fail_at(token.line, found, error.expected);
}

}  // namespace exportgate::graph
