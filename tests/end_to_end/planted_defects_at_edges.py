"""What finds the planted defects that show for some values, weights, extents or layouts only: short
vectors, padding masks, positions in an order, numbers that the code names.

Part of planted_defect_cases_test.py, which has the cells and how they are looked at.
"""

import re

DIFFERS = "differs from eager"


class DefectsAtEdges:
    def assert_finds_at(self, check, places, said=DIFFERS):
        for case, place in places.items():
            self.assert_fails(f"{case}/*", check, f"{re.escape(place)}.*{said}")

    def test_program_that_is_wrong_for_vectors_of_some_size(self):
        self.assert_finds_at(
            "run",
            {
                "rms_norm_adds_epsilon_outside": "edges (small)",
                "variance_of_large_means": "edges (far from zero)",
                "normalized_rows_are_not_normalized_again": "edges (rows of length one)",
                "rows_of_the_lowest_number": "edges (rows of the lowest number)",
                "takes_keys_of_zeros_for_empty_slots": "edges (rows of zeros)",
                "takes_nan_in_keys_for_zero": "edges (NaN in cache.key_cache[0])",
            },
        )

    def test_program_that_is_wrong_for_masks_and_positions_in_an_order(self):
        self.assert_finds_at(
            "run",
            {
                "means_of_hidden_rows": "edges (rows of nothing)",
                "causal_masks_are_aligned_at_the_top_left": "edges (lower triangle)",
                "left_padded_positions": "edges (ascending order)",
                "timesteps_of_a_diffusion_schedule": "edges (descending order)",
                "beams_in_order_are_not_reordered": "edges (each once)",
                "page_shared_by_two_sequences": "edges (each twice)",
                "segments_that_touch_attend_to_each_other": "edges (each twice)",
                "accepts_drafts_after_a_rejection": "edges (some alike)",
                "all_at_one_position_take_a_fast_way": "edges (all equal)",
            },
        )

    def test_program_that_is_wrong_beside_a_number_of_its_code(self):
        self.assert_finds_at(
            "run",
            {
                "ring_is_wrong_when_it_is_just_full": "edges (beside 1024)",
                "crosses_the_window_in_one_chunk": "extents past=63 new=63",
            },
        )

    def test_program_that_is_wrong_for_other_weights_or_another_layout(self):
        self.assert_finds_at(
            "run",
            {
                "clamps_a_learned_scale": "with other parameters and buffers",
                "dequantizes_minus_128": "with other parameters and buffers",
                "reads_the_capacity_of_a_slice": "layout (beginning of a longer one)",
                "seeds_itself_with_zero": "",
            },
        )

    def test_program_that_is_wrong_when_long(self):
        for case, reason in {
            "exports_without_a_gradient_beyond_the_window": "another gradient than eager",
            "returns_a_copy_of_a_long_cache": "share memory in the program only",
            "fake_kernel_of_another_shape_when_long": "returns 64 in dim 2, its fake kernel",
        }.items():
            self.assert_fails(f"{case}/*", "traits", reason)

    def test_decomposition_that_is_wrong_at_an_edge(self):
        self.assert_finds_at(
            "decompose",
            {
                "ignores_labels_of_minus_100": "edges (minus one)",
                "decomposes_variance_of_one_position": "extents batch=1 length=1",
            },
        )

    def test_attribute_that_is_lost_and_that_the_model_sees(self):
        self.assert_fails(
            "window_is_not_in_the_context/*",
            "pytree",
            "attribute window: another value than 8 is not kept, and the model returns something",
        )

    def test_more_of_the_process_that_is_left_otherwise(self):
        for case, check, reason in (
            ("turns_on_cudnn_benchmark", "run", "leave torch.backends.cudnn.benchmark as True"),
            ("keeps_handlers_of_a_logger", "run", "leave handlers of loggers as others"),
            (
                "leaves_layer_norm_patched_by_the_export",
                "model",
                r"forward\(\) of the classes of torch.nn: as they were before, others after",
            ),
            (
                "leaves_is_compiling_patched_by_the_export",
                "model",
                "torch.compiler.is_compiling: torch's before, another function after",
            ),
        ):
            self.assert_fails(f"{case}/*", check, reason)

    def test_caches_that_a_module_knows_may_die(self):
        # Strict mode does not trace a WeakSet.
        nonstrict = "counts_the_caches_that_live/*/nonstrict/*"
        self.assert_passes(nonstrict, "run", "bounds", "pytree", "traits", "model", "save_load")
