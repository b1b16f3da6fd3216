#include "document/document.h"

#include <iterator>

namespace exportgate::document {

void add(Document& document, Document more) {
    document.insert(document.end(), std::make_move_iterator(more.begin()),
                    std::make_move_iterator(more.end()));
}

std::size_t shown_of(std::size_t count, std::size_t most) {
    return most == unlimited || count <= most + 1 ? count : most;
}

std::string plain_text(const Text& text) {
    std::string all;
    for (const Run& run : text)
        all += run.text;
    return all;
}

std::vector<Item> plain_items(const std::vector<std::string>& texts) {
    std::vector<Item> items;
    for (const std::string& text : texts)
        items.push_back({{{text}}});
    return items;
}

std::vector<Item> items_of(const std::vector<std::string>& texts, std::string_view mark,
                           std::size_t most, std::string_view what) {
    std::vector<Item> items;
    const auto shown = shown_of(texts.size(), most);
    for (std::size_t i = 0; i < shown; ++i)
        items.push_back({{literal(texts[i])}, std::string(mark)});
    if (shown < texts.size()) {
        items.push_back(
            {{{"... " + std::to_string(texts.size() - shown) + " more " + std::string(what)}}});
    }
    return items;
}

void deepen(Document& document, int levels) {
    for (Block& block : document) {
        if (auto* heading = std::get_if<Heading>(&block.what)) heading->level += levels;
    }
}

}  // namespace exportgate::document
