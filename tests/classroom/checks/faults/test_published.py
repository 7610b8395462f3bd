import pytest

import symcnn as sc
from tests.classroom.checks.faults.published import PUBLISHED, pooled_with_equals
from tests.classroom.checks.faults.right.max_pooling_loops import max_pool_forward_naive


def checked(fault, **others):
    options = {"input_shape": fault.shape, **fault.options, **others}
    return sc.check_backward(fault.functions, fault.layer, **options)


@pytest.mark.parametrize("fault", PUBLISHED, ids=lambda fault: fault.name)
def test_a_published_fault_is_named(fault):
    verdict = checked(fault)
    found = {finding.name: finding for finding in verdict.findings}
    finding = found[f"gradient of {fault.array}"]
    assert not verdict
    assert finding.verdict == ("wrong" if fault.mistakes else "shape")
    assert finding.mistake in (fault.mistakes or ("",))


def test_a_fault_that_the_course_does_not_see_is_found_at_its_own_settings():
    pair = max_pool_forward_naive, pooled_with_equals
    verdict = sc.check_backward(
        pair, sc.MaxPool2D(2, stride=2), input_shape=(4, 4, 2), layout="NCHW"
    )
    assert not verdict
    assert verdict.findings[0].mistake == "error signals of a winner overwritten"
    assert "stride" in verdict.findings[0].where
