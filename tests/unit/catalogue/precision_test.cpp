#include <gmock/gmock.h>

#include <map>
#include <set>

#include "recorded_findings.h"

namespace exportgate::catalogue {
namespace {

using testing::ElementsAre;

/// The ids that explain what a release shows of one cell, first the most special of each finding.
std::vector<std::string> first_ids(const std::string& release, const std::string& cell) {
    std::vector<std::string> ids;
    for (const SeenFinding& one : recorded_findings()) {
        if (one.source != release || one.seen.cell.name() != cell) continue;
        const auto found = explanations(shipped(), one.finding, one.seen);
        const std::string id = found.empty() ? "" : found.front().entry->id;
        if (std::find(ids.begin(), ids.end(), id) == ids.end()) ids.push_back(id);
    }
    return ids;
}

TEST(Catalogue, ExplainsAKnownCellAsItIsKnown) {
    EXPECT_THAT(first_ids("2.13.0", "dynamic_cache/plain/nonstrict/named/b3c5"),
                ElementsAre("len-of-tensor"));
    EXPECT_THAT(first_ids("2.6.0", "dynamic_cache/plain/nonstrict/dynamic/b4c11"),
                ElementsAre("len-of-tensor"));
    EXPECT_THAT(first_ids("2.9.1", "dynamic_cache/module/strict/named/b3c5"),
                ElementsAre("module-input"));
    EXPECT_THAT(first_ids("2.9.1", "dynamic_cache/module/strict/auto/b3c5"),
                ElementsAre("module-input", "module-input-baked-in", "refuses-other-shapes",
                            "attribute-lost", "retrace-guard-export", "registries-left-behind"));
    EXPECT_THAT(first_ids("2.9.1", "layers_2/plain/strict/named/b3c5"),
                ElementsAre("name-error-l", "retrace-zip"));
    for (const char* release : {"2.8.0", "2.9.1", "2.10.0", "2.15.0"}) {
        EXPECT_THAT(first_ids(release, "leaf_identity_clones/plain/strict/named/b3c5"),
                    ElementsAre("leaf-identity-lost"))
            << release;
    }
    EXPECT_THAT(first_ids("2.13.0", "example_dim_1/plain/strict/named/b1c5"),
                ElementsAre("example-extent-0-or-1"));
    EXPECT_THAT(first_ids("2.6.0", "subclass_of_registered/module/nonstrict/static/b3c5"),
                ElementsAre("class-not-registered"));
    EXPECT_THAT(first_ids("2.13.0", "subclass_of_registered/module/nonstrict/static/b3c5"),
                ElementsAre("unregistered-module"));
    EXPECT_THAT(first_ids("2.13.0", "dynamic_cache/native/strict/static/b3c5"),
                ElementsAre("native-in-strict"));
}

TEST(Catalogue, ExplainsAKnownCellOfACollectionAsItIsKnown) {
    EXPECT_THAT(first_ids("pytree_styles/2.10.0", "ordered_dict_subclass/module/strict/named/b3c5"),
                ElementsAre("module-of-dict-or-tuple"));
    EXPECT_THAT(first_ids("pytree_styles/2.9.1", "ordered_dict_subclass/module/strict/named/b3c5"),
                ElementsAre("module-of-dict-or-tuple"));
    EXPECT_THAT(first_ids("pytree_styles/2.9.1", "namedtuple/module/strict/named/b3c5"),
                ElementsAre("module-without-weak-reference"));
    EXPECT_THAT(first_ids("storage/2.6.0", "int8/module/strict/named/b3c5"),
                ElementsAre("module-without-hash"));
    EXPECT_THAT(first_ids("pytree_styles/2.13.0", "mask_length/plain/strict/named/b3c5"),
                ElementsAre("dims-related", "dim-follows-from-another"));
    EXPECT_THAT(first_ids("pytree_styles/2.14.1", "var_keywords/plain/nonstrict/named/b3c5"),
                ElementsAre("name-error-l"));
    EXPECT_THAT(first_ids("pytree_styles/2.9.1", "caches_as_outputs/plain/strict/named/b3c5"),
                ElementsAre("dynamo-returns-no-object"));
    EXPECT_THAT(first_ids("transformers/2.13.0", "mamba_stock/as_is/nonstrict/named/b3"),
                ElementsAre("stock-flatten-attention-only"));
    EXPECT_THAT(first_ids("transformers/2.13.0", "sliding_window_stock/as_is/nonstrict/auto/b3"),
                ElementsAre("stock-unflatten-miscounts", "returned-cache-differs", "strides-differ",
                            "leaf-identity-lost", "lifted-constant-lost"));
    EXPECT_THAT(
        first_ids("transformers/2.13.0", "sliding_window_growing/as_is/nonstrict/auto/b3p3"),
        ElementsAre("size-in-the-context"));
    EXPECT_THAT(first_ids("transformers/2.13.0", "llama_exporter/as_is/strict/named/b3p5"),
                ElementsAre("exporter-unflatten-imports"));
    EXPECT_THAT(first_ids("transformers/2.13.0", "llama_exporter/as_is/nonstrict/named/b3p5"),
                ElementsAre("guard-that-always-holds"));
    EXPECT_THAT(first_ids("planted", "context_not_comparable/plain/nonstrict/named/b3c5"),
                ElementsAre("context-not-comparable"));
}

TEST(Catalogue, ExplainsNothingOfCellsThatPassEveryCheck) {
    EXPECT_THAT(first_ids("2.13.0", "layers_2/plain/strict/named/b3c5"), ElementsAre());
    EXPECT_THAT(first_ids("2.13.0", "kv_cache/native/nonstrict/named/b3c5"), ElementsAre());
}

TEST(Catalogue, TellsAClonedLeafFromASizeThatIsReadAsANumber) {
    EXPECT_THAT(first_ids("planted", "unflatten_clones/plain/strict/named/b3c5"),
                ElementsAre("leaf-identity-lost"));
    EXPECT_THAT(first_ids("planted", "reads_a_size_as_int/plain/strict/named/b3c5"),
                ElementsAre("len-of-tensor"));
    EXPECT_THAT(first_ids("planted", "reads_a_size_as_int/module/nonstrict/named/b3c5"),
                ElementsAre("len-of-tensor"));
}

TEST(Catalogue, TellsAnUnregisteredModuleFromATensorThatTheModelKeeps) {
    EXPECT_THAT(first_ids("planted", "bakes_in_a_cache_tensor/plain/nonstrict/named/b3c5"),
                ElementsAre("cache-baked-in"));
    EXPECT_THAT(first_ids("planted", "unflatten_another_class/module/nonstrict/static/b3c5"),
                testing::Contains("unregistered-module"));
}

/// The ids that explain what a planted defect of tests/cases shows in nonstrict mode.
std::vector<std::string> planted_ids(const std::string& case_name) {
    return first_ids("planted", case_name + "/plain/nonstrict/named/b3c5");
}

TEST(Catalogue, TellsWhatAProgramReturnsBesidesItsValues) {
    EXPECT_THAT(planted_ids("exports_other_strides"), ElementsAre("strides-differ"));
    EXPECT_THAT(planted_ids("exports_a_copy_of_an_output"), ElementsAre("memory-shared-otherwise"));
    EXPECT_THAT(planted_ids("exports_without_one_gradient"), ElementsAre("gradient-lost"));
    EXPECT_THAT(planted_ids("exports_an_addition_to_zero"), ElementsAre("sign-of-zero"));
    EXPECT_THAT(planted_ids("asks_for_the_grad_mode"), ElementsAre("grad-mode-baked-in"));
    EXPECT_THAT(first_ids("reasons", "views_its_input/plain/nonstrict/named/b3c5"),
                ElementsAre("raises-for-another-layout"));
}

TEST(Catalogue, TellsWhatBecomesOfTheStateOfAModel) {
    EXPECT_THAT(planted_ids("keeps_a_log"), ElementsAre("model-not-changed"));
    EXPECT_THAT(planted_ids("exports_without_a_change_of_a_parameter"),
                ElementsAre("state-write-lost"));
    EXPECT_THAT(planted_ids("keeps_a_bias_of_the_last_length"),
                ElementsAre("model-keeps-the-trace"));
    EXPECT_THAT(first_ids("reasons", "counts_while_it_is_traced/plain/nonstrict/named/b3c5"),
                ElementsAre("model-not-changed", "model-changed-by-the-export"));
    EXPECT_THAT(planted_ids("leaves_another_precision"), ElementsAre("leaves-torch-otherwise"));
    EXPECT_THAT(planted_ids("bakes_in_random_noise"), testing::Contains("random-numbers"));
    EXPECT_THAT(planted_ids("returned_cache_loses_an_attribute"),
                ElementsAre("returned-cache-differs"));
}

TEST(Catalogue, TellsThatAGuardRefusesWhatWasDeclared) {
    const auto ids = [](const std::string& cell) { return first_ids("guards", cell); };
    EXPECT_THAT(ids("goes_another_way_at_one_length/plain/nonstrict/named/b3c5"),
                ElementsAre("guard-excludes-extents"));
    EXPECT_THAT(ids("goes_another_way_at_one_length/plain/nonstrict/auto/b3c5"),
                ElementsAre("guard-excludes-extents"));
    EXPECT_THAT(ids("goes_another_way_where_it_is_large/plain/nonstrict/named/b3c5"),
                testing::Contains("guard-excludes-extents"));
}

TEST(Catalogue, TellsAGuardThatAlwaysHoldsFromOneThatDoesNot) {
    const auto ids = [](const std::string& name) {
        return first_ids("reasons", name + "/plain/nonstrict/named/b3c5");
    };
    EXPECT_THAT(ids("takes_another_way_from_16_on"), ElementsAre("guard-excludes-extents"));
    EXPECT_THAT(ids("takes_at_most_four_keys"), ElementsAre("guard-of-topk"));
}

TEST(Catalogue, TellsWhichCallOfAProgramIsWrong) {
    EXPECT_THAT(planted_ids("wrong_inside_the_range"), ElementsAre("wrong-at-other-extents"));
    EXPECT_THAT(planted_ids("clamps_keys"), ElementsAre("wrong-for-edge-values"));
    EXPECT_THAT(planted_ids("reads_the_strides_of_x"), ElementsAre("wrong-for-another-layout"));
    EXPECT_THAT(planted_ids("one_tensor_of_zeros_is_keys_and_values"),
                ElementsAre("inputs-are-one-tensor"));
    EXPECT_THAT(planted_ids("is_another_from_its_fifth_call"),
                testing::Contains("wrong-in-a-later-call"));
}

TEST(Catalogue, TellsHowFlattenAndItsContextGoWrong) {
    EXPECT_THAT(planted_ids("unflatten_uses_a_queue"), ElementsAre("depends-on-other-caches"));
    EXPECT_THAT(planted_ids("leaves_in_order_of_attributes"),
                ElementsAre("depends-on-the-order-of-filling"));
    EXPECT_THAT(planted_ids("context_is_equal_to_anything"),
                testing::Contains("contexts-do-not-tell-apart"));
    EXPECT_THAT(planted_ids("context_is_kept_in_memory"),
                ElementsAre("loads-only-where-it-was-saved"));
    EXPECT_THAT(planted_ids("former_class_has_its_serialized_name"),
                ElementsAre("loads-without-its-class", "unregister-takes-too-much"));
    EXPECT_THAT(first_ids("reasons", "returns_an_unknown_class/as_is/strict/named/b3c5"),
                ElementsAre("output-class-not-registered"));
}

/// Every pattern that a record shows, with a finding that it matches.
struct Matched {
    const Entry* entry;
    const Pattern* pattern;
    const SeenFinding* one;
};

std::vector<Matched> matched_patterns() {
    std::vector<Matched> all;
    for (const Section& section : shipped().sections) {
        for (const Entry& entry : section.entries) {
            for (const Pattern& pattern : entry.patterns) {
                for (const SeenFinding& one : recorded_findings()) {
                    if (match(pattern, one.finding, one.seen) == nullptr) continue;
                    all.push_back({&entry, &pattern, &one});
                    break;
                }
            }
        }
    }
    return all;
}

template <class T>
T other_than(const std::vector<T>& allowed, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
        const T value = static_cast<T>(i);
        if (std::find(allowed.begin(), allowed.end(), value) == allowed.end()) return value;
    }
    ADD_FAILURE() << "every value is allowed: leave the condition away";
    return T{};
}

TEST(Catalogue, NoMutantOfWhatAPatternMatchesIsMatched) {
    const auto all = matched_patterns();
    EXPECT_GT(all.size(), 100U);
    for (const auto& [entry, pattern, one] : all) {
        SCOPED_TRACE(entry->id + "\n" + text_of(*one));
        const auto matches = [&, pattern = pattern](const Finding& finding, const Seen& seen) {
            return match(*pattern, finding, seen) != nullptr;
        };
        Finding finding = one->finding;
        finding.place = finding.place == Place::check ? Place::rejected : Place::check;
        EXPECT_FALSE(matches(finding, one->seen)) << "another place";
        finding = one->finding;
        finding.where = "elsewhere";
        EXPECT_EQ(matches(finding, one->seen), pattern->where.empty()) << "another stage or check";
        finding = one->finding;
        finding.exception = "builtins.ArithmeticError";
        EXPECT_EQ(matches(finding, one->seen), pattern->exception.empty()) << "another exception";
        finding = one->finding;
        finding.lines = {"another line"};
        EXPECT_EQ(matches(finding, one->seen), pattern->lines.empty()) << "another message";
        if (!pattern->without.empty()) {
            finding = one->finding;
            std::string excluded = pattern->without.front();
            std::erase(excluded, '*');
            if (const auto set = excluded.find("[01]"); set != std::string::npos)
                excluded.replace(set, 4, "1");
            finding.lines.push_back(excluded);
            EXPECT_FALSE(matches(finding, one->seen)) << "with " << excluded;
        }
        Seen seen = one->seen;
        seen.findings.clear();
        EXPECT_EQ(matches(one->finding, seen), pattern->with.empty()) << "alone";
        if (!pattern->kinds.empty()) {
            seen = one->seen;
            seen.cell.kind = other_than(pattern->kinds, matrix::kind_names().size());
            EXPECT_FALSE(matches(one->finding, seen)) << "another kind";
        }
        if (!pattern->modes.empty()) {
            seen = one->seen;
            seen.cell.mode = other_than(pattern->modes, matrix::mode_names().size());
            EXPECT_FALSE(matches(one->finding, seen)) << "another mode";
        }
        if (!pattern->dims.empty()) {
            seen = one->seen;
            seen.cell.dims = other_than(pattern->dims, matrix::dims_style_names().size());
            EXPECT_FALSE(matches(one->finding, seen)) << "other dims";
        }
        if (pattern->torch) {
            bool is_limited = false;
            for (const char* release : {"2.5.0", "2.6.0", "2.7.1", "2.8.0", "2.9.1", "2.16.0"}) {
                seen = one->seen;
                seen.torch = *TorchVersion::parse(release);
                is_limited = is_limited || !matches(one->finding, seen);
            }
            EXPECT_TRUE(is_limited) << "no other release";
        }
    }
}

}  // namespace
}  // namespace exportgate::catalogue
