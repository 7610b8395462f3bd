import pytest

import symcnn as sc
from tests.classroom.checks.faults.published import PUBLISHED, pooled_with_equals
from tests.classroom.checks.faults.right.max_pooling_loops import max_pool_forward_naive
from tests.draws import slow, some


@pytest.mark.parametrize("fault", some(PUBLISHED, 4), ids=lambda fault: fault.name)
def test_a_published_fault_is_named(fault):
    verdict = sc.check_backward(
        fault.functions, fault.layer, input_shape=fault.shape, **fault.options
    )
    found = {finding.name: finding for finding in verdict.findings}
    finding = found[f"gradient of {fault.array}"]
    assert not verdict
    assert finding.verdict == ("wrong" if fault.mistakes else "shape")
    assert finding.mistake in (fault.mistakes or ("",))


def test_every_published_fault_has_its_source():
    assert all(
        any(c.isdigit() for c in f.source) or "no single source" in f.said for f in PUBLISHED
    )


@slow
def test_windows_that_do_not_overlap_hide_the_fault_that_the_course_does_not_see():
    pair = max_pool_forward_naive, pooled_with_equals
    assert sc.check_backward(pair, sc.MaxPool2D(2, stride=2), layout="NCHW")
    verdict = sc.check_backward(pair, sc.MaxPool2D(2, stride=1), layout="NCHW")
    assert verdict.findings[0].mistake == "error signals of a winner overwritten"
