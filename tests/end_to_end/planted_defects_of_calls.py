"""What finds the planted defects of one call: what it returns besides values, and what it leaves.

Part of planted_defect_cases_test.py, which has the cells and how they are looked at.
"""

NESTED = "nested_returned_cache_loses_an_attribute/*"


class DefectsOfCalls:
    # the check traits: layout, memory, gradients

    def test_program_that_returns_another_layout(self):
        self.assert_fails("exports_other_strides/*", "traits", r"output 0: strides \[42, 126, 6, 1")
        self.assert_fails("exports_a_contiguous_view/*", "traits", r"eager \[84, 42, 1, 6\]")

    def test_program_that_copies_what_the_model_shares(self):
        shares = "share memory in eager only"
        self.assert_fails("exports_a_copy_of_an_output/*", "traits", f"outputs 0 and 1: {shares}")
        self.assert_fails(
            "exports_a_copy_of_an_input/*",
            "traits",
            rf"output 1 and cache.key_cache\[0\]: {shares}",
        )
        self.assert_fails(
            "exports_a_copy_of_a_buffer/*", "traits", f"output 1 and the buffer scale: {shares}"
        )

    def test_program_that_returns_another_object_for_an_input(self):
        self.assert_fails(
            "exports_another_object_for_an_input/*",
            "traits",
            r"output 1: is cache.key_cache\[0\] itself in eager only",
        )

    def test_program_that_cuts_gradients(self):
        cut = "output 0: requires no grad, eager does"
        self.assert_fails("exports_without_a_gradient/*", "traits", cut)
        self.assert_fails(
            "exports_a_constant_parameter/*", "traits", "parameter weight: no gradien"
        )
        self.assert_fails(
            "exports_without_one_gradient/*", "traits", r"cache.key_cache\[0\]: another gradient"
        )

    def test_program_that_returns_zeros_of_another_sign(self):
        sign = "output 1: zeros of another sign than eager"
        self.assert_fails("exports_zeros_of_another_sign/*", "traits", sign)
        self.assert_fails("exports_an_addition_to_zero/*", "traits", sign)

    def test_model_that_asks_for_the_grad_mode(self):
        self.assert_fails("asks_for_the_grad_mode/*", "traits", "under no_grad: differs from eager")
        self.assert_fails(
            "asks_for_inference_mode/*/nonstrict/*",  # strict refuses to trace the question
            "traits",
            "under inference_mode: differs from eager",
        )

    # the check run: what a call leaves in the model

    def test_program_that_does_not_change_the_parameters_and_buffers_of_the_model(self):
        self.assert_fails(
            "exports_without_a_change_of_a_parameter/*", "run", "does not mutate the parameter weig"
        )
        self.assert_fails(
            "exports_without_a_change_of_an_alias/*", "run", "does not mutate the buffer counted"
        )

    def test_program_that_does_not_change_the_attributes_of_the_model(self):
        changes = "does not change the model as eager does: attribute"
        self.assert_fails("keeps_a_log/*", "run", f"{changes} log: 0 elements before, 1 after")
        self.assert_fails("counts_its_calls/*", "run", f"{changes} calls: 0 before, 1 after")
        self.assert_fails("counts_in_its_class/*", "run", f"{changes} Model.calls: another value")
        self.assert_fails(
            "counts_in_a_nested_object/*",
            "run",
            rf"{changes} kept\['statistics'\], attribute calls",
        )
        self.assert_fails("counts_in_a_global/*", "run", rf"{changes} case_\w+.SEEN: another value")
        self.assert_fails(
            "counts_in_a_closure/*", "run", f"{changes} count, attribute calls: 0 before, 1 after"
        )

    def test_program_that_leaves_torch_otherwise(self):
        self.assert_fails(
            "leaves_another_default_dtype/*", "run", "does not leave torch.get_default_dtype"
        )
        self.assert_fails("leaves_autocast_on/*", "run", "does not leave torch.is_autocast_enabled")
        self.assert_fails("leaves_another_precision/*", "run", "does not leave torch.get_float32_m")

    def test_program_that_draws_no_random_numbers(self):
        # Strict refuses to trace Python's random.
        number = "bakes_in_a_random_number/*/nonstrict/*"
        self.assert_fails(number, "run", "draws no random numbers, eager does")
        self.assert_fails("bakes_in_random_noise/*", "run", "draws no random numbers, eager does")

    # the check run: caches, before and after

    def test_program_that_does_not_update_what_a_cache_holds(self):
        updates = "does not update the cache as eager does: attribute"
        self.assert_fails(
            "updates_a_nested_object/*", "run", f"{updates} statistics, attribute seen: 0 before, 1"
        )
        self.assert_fails("updates_a_deque/*", "run", f"{updates} recent: 0 elements before, 1 aft")
        self.assert_fails(
            "updates_a_deque/*", "run", f"{updates} known: 1 elements before, 2 after"
        )

    def test_returned_cache_that_loses_an_attribute(self):
        lost = "attribute seen: 5 in eager, 0 in the program"
        self.assert_fails("returned_cache_loses_an_attribute/*", "run", rf"output\[1\], {lost}")
        self.assert_fails(NESTED, "run", rf"\['caches'\]\[0\], attribute counter, {lost}")

    def test_program_that_has_values_of_the_state_for_constants(self):
        differs = "with other parameters and buffers: differs from eager"
        self.assert_fails("bakes_in_a_buffer/*", "run", differs)
        self.assert_fails("bakes_in_a_frozen_parameter/*", "run", differs)
        self.assert_fails("bakes_in_an_integer_buffer/*", "run", differs)
        self.assert_fails("bakes_in_a_mask_buffer/*", "run", differs)
        self.assert_fails("bakes_in_a_complex_buffer/*", "run", differs)
        self.assert_fails("takes_the_sign_of_a_weight_for_granted/*", "run", differs)
        self.assert_fails("leaves_out_a_weight_of_zeros/*", "run", differs)
        left = (
            "with other parameters and buffers: leaves other values in the buffer mean than eager"
        )
        self.assert_fails("leaves_the_state_of_the_rate_at_export/*", "run", left)

    def test_program_that_ignores_what_inputs_have_besides(self):
        begins = r"layout \(offset\): differs from eager"
        self.assert_fails("ignores_where_its_memory_begins/*", "run", begins)
        self.assert_fails("drops_the_imaginary_part/*", "run", "pair b3c5: differs from eager")

    def test_cache_that_has_a_method_of_another_object(self):
        self.assert_fails(
            "method_of_another_owner/*",
            "pytree",
            r"attribute apply, attribute \(its owner\), attribute by: 2.0 before, 1.0 after",
        )

    # the check model

    def test_model_that_keeps_what_was_traced(self):
        kept = "keeps_a_tensor_of_the_trace/*/nonstrict/*"
        self.assert_fails(kept, "model", "attribute last: None before, a FakeTensor after")
        kept = "keeps_a_size_of_the_trace/*/nonstrict/*"
        self.assert_fails(kept, "model", "attribute rows: 0 before, a SymInt after")
        # Strict mode leaves the model alone.
        for kept in ("keeps_a_tensor_of_the_trace/*", "keeps_a_size_of_the_trace/*"):
            self.assert_fails(kept, "run", "does not change the model as eager does: attribute hol")

    # the judge

    def test_case_that_replaces_what_judges(self):
        self.assert_fails("replaces_what_compares/*", "run", "pair b3c5: differs from eager")
        self.assert_fails("replaces_what_writes/*", "run", "pair b3c5: differs from eager")
        # The file is what the case makes of it; the process that loads it answers all the same.
        self.assert_fails("replaces_what_writes/*", "save_load", "load raises TypeError")
