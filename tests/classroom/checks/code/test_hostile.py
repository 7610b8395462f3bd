"""Functions that fail, loop, allocate, end their process or return what is no array."""

import ctypes
import gc
import itertools
import os
import signal
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pytest

from symcnn.classroom.checks.code import functions, process
from symcnn.classroom.checks.code.callee import Reader
from symcnn.classroom.checks.code.process import HAS_FORK, run_in_process
from symcnn.limits import functions as limits
from tests.classroom.checks.code.asked import CONV, callee, conv_call, outcome, outcomes

forks = pytest.mark.skipif(not HAS_FORK, reason="needs a system that can fork")
SECONDS = 0.4


def failing(dout, x, w, b):
    return x @ b


def exiting(dout, x, w, b):
    sys.exit("enough")


def recursive(dout, x, w, b):
    return recursive(dout, x, w, b)


def interrupted(dout, x, w, b):
    raise KeyboardInterrupt


def mute(dout, x, w, b):
    class MuteError(Exception):
        def __str__(self):
            raise ValueError

    raise MuteError


LINE = next(
    number
    for number, line in enumerate(Path(__file__).read_text(encoding="utf-8").splitlines(), 1)
    if "return x @ b" in line
)


def test_an_exception_is_told_with_its_line():
    assert outcome(failing).failure.startswith(
        f"The function raised ValueError in line {LINE} of test_hostile.py (return x @ b): matmul"
    )


@pytest.mark.parametrize(
    ("function", "begins"),
    [
        (exiting, "The function called sys.exit('enough') in line "),
        (recursive, "The function raised RecursionError in line "),
        (mute, "The function raised MuteError in line "),
        pytest.param(interrupted, "The function raised KeyboardInterrupt in line ", marks=forks),
    ],
)
def test_what_is_raised_is_one_sentence(function, begins):
    failure = outcome(function).failure
    assert failure.startswith(begins)
    assert failure.endswith(".")
    assert "\n" not in failure


@pytest.mark.parametrize(
    ("result", "failure"),
    [
        (None, "The function returned nothing where 3 (x, weight, bias) are due."),
        (7, "The function returned a single value where 3 (x, weight, bias) are due."),
        ((1, 2), "The function returned 2 arrays where 3 (x, weight, bias) are due."),
        (("a", 1, 2), "The function returned no array for the gradient of x, but a str."),
        ((1, None, 2), "The function returned nothing for the gradient of weight."),
        (
            (1, object(), 2),
            "The function returned no array for the gradient of weight, but an object.",
        ),
        (
            {"dx": 1, "dw": 2, "c": 3},
            "The function returned dx, dw, c by name, among which the gradient of bias is not "
            "found.",
        ),
        (
            (np.full(1, None), 1, 2),
            "The function returned no array for the gradient of x, but an array of dtype object.",
        ),
        (
            (np.broadcast_to(1.0, (10**6, 10**6)), 1, 2),
            "The function returned an array of shape (1000000, 1000000) for the gradient of x, "
            "far more than due.",
        ),
    ],
)
def test_what_is_no_result_is_said(result, failure):
    assert outcome(lambda dout, x, w, b: result).failure == failure


def test_ragged_lists_are_no_array():
    failure = outcome(lambda dout, x, w, b: ([[1], [1, 2]], w, b)).failure
    assert failure.startswith("The function returned no array for the gradient of x: ")


@forks
def test_an_endless_loop_is_stopped_and_costs_its_time_once():
    def endless(dout, x, w, b):
        for _ in itertools.count():
            pass

    first, second = outcomes(endless, calls=[conv_call(), conv_call()], seconds=SECONDS)
    assert first.failure == "The function was stopped after 0.4 seconds: it may never end."
    assert second.failure.startswith("It was not called again: the function was stopped after 0.4")
    assert (first.is_skipped, second.is_skipped) == (False, True)


@forks
def test_a_loop_that_prints_is_stopped_and_quoted():
    def endless(dout, x, w, b):
        while True:
            print("again and again")

    found = outcome(endless, seconds=SECONDS)
    assert found.failure == "The function was stopped after 0.4 seconds: it may never end."
    assert "bytes: again and again again and again" in found.remarks[0]


@forks
def test_a_large_array_is_refused():
    found = outcome(lambda dout, x, w, b: np.ones(10**11))
    assert found.failure.startswith("The function needed more than 2 GiB of memory in line ")


@forks
@pytest.mark.parametrize("piece", [2**22, 2**12, 1000])
def test_memory_taken_in_pieces_is_refused(piece, monkeypatch):
    monkeypatch.setattr(limits, "BYTES", 2**25)

    def greedy(dout, x, w, b):
        held = []
        while True:
            held.append(bytearray(piece))

    failure = outcome(greedy).failure
    assert failure.startswith("The function needed more than 0.03125 GiB of memory in line ")
    assert failure.endswith("(held.append(bytearray(piece))).")


@forks
@pytest.mark.parametrize(
    ("end", "failure"),
    [
        (lambda: os._exit(3), "The function ended its process, with exit status 3."),
        (lambda: os._exit(0), "The function ended its process, with exit status 0."),
        (
            lambda: ctypes.string_at(0),
            "The function crashed its process: segmentation fault (SIGSEGV).",
        ),
        (lambda: os.abort(), "The function crashed its process: aborted (SIGABRT)."),
        (
            lambda: os.kill(os.getpid(), signal.SIGKILL),
            "The function crashed its process: killed (SIGKILL).",
        ),
        (
            lambda: os.closerange(3, 200),
            "The function closed the channel to its process: there is no answer.",
        ),
    ],
)
def test_an_ended_process_is_one_sentence(end, failure):
    def ending(dout, x, w, b):
        end()
        return dout, w, b

    assert outcome(ending).failure == failure


@forks
def test_the_call_that_crashed_is_known_and_the_others_are_made():
    def crashing(dout, x, w, b, stride):
        if stride == 2:
            os._exit(1)
        return 2 * x, 2 * w, 2 * b

    calls = [conv_call(stride=stride) for stride in (1, 2, 3)]
    found = outcomes(crashing, calls=calls)
    assert [bool(o.failure) for o in found] == [False, True, False]
    assert np.array_equal(found[2].arrays["x"], 2 * calls[2].inputs["x"])


@forks
def test_after_three_crashes_it_is_called_no_more():
    found = outcomes(lambda dout, x, w, b: os._exit(1), calls=[conv_call()] * 5)
    assert [o.failure.startswith("It was not called again") for o in found] == [False] * 3 + [
        True
    ] * 2


@forks
def test_the_garbage_of_this_process_is_not_collected_in_the_other(capfd):
    class Loud:
        def __init__(self):
            self.itself = self

        def __del__(self):
            os.write(2, b"collected")

    gc.freeze()  # what other tests have made is not looked at
    gc.disable()
    try:
        Loud()
        found = outcome(lambda dout, x, w, b: (gc.collect(), 2 * x, 2 * w, 2 * b)[1:])
    finally:
        gc.enable()
        gc.collect()
    assert found.remarks == ()


@forks
def test_the_time_of_a_function_begins_with_it(monkeypatch):
    separate = process._separate

    def slow(*given):
        time.sleep(1)
        separate(*given)

    monkeypatch.setattr(process, "_separate", slow)
    assert outcome(lambda dout, x, w, b: (2 * x, 2 * w, 2 * b), seconds=0.9).failure == ""


@forks
def test_bytes_that_are_no_answer_are_said():
    def take(piece):
        return bool(Reader().answers(piece))

    ending = run_in_process(lambda send: send(b"\xff" * 64), take, 5, 2**30)
    assert ending.why == "The function's process sent no readable answer."


@forks
def test_a_process_without_an_answer_is_no_success():
    ending = run_in_process(lambda send: None, lambda piece: False, 5, 2**30)
    assert ending.why == "The function ended its process, with exit status 0."


@forks
def test_it_is_known_to_end_where_children_are_ignored():
    before = signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    try:
        assert outcome(lambda dout, x, w, b: (2 * x, 2 * w, 2 * b)).failure == ""
        assert outcome(lambda dout, x, w, b: os._exit(3)).failure.startswith("The function ended")
    finally:
        signal.signal(signal.SIGCHLD, before)


@forks
def test_a_function_that_forks_answers_once():
    def forking(dout, x, w, b):
        os.fork()
        return 2 * x, 2 * w, 2 * b

    call = conv_call()
    first, second = outcomes(forking, calls=[call, call])
    assert first.failure == second.failure == ""
    assert np.array_equal(second.arrays["bias"], 2 * call.inputs["bias"])


@forks
def test_threads_that_are_left_are_told_and_waited_for_by_nobody():
    def threaded(dout, x, w, b):
        threading.Thread(target=time.sleep, args=(60,)).start()
        return 2 * x, 2 * w, 2 * b

    found = outcome(threaded)
    assert found.remarks == ("The function left 2 threads running.",)


@forks
def test_it_does_not_change_this_process(capfd):
    changed = {"seen": 0}

    def changing(dout, x, w, b):
        changed["seen"] += 1
        os.environ["SYMCNN_CHANGED"] = "1"
        print("to the terminal")
        os.write(2, b"to the terminal too")
        return 2 * x, 2 * w, 2 * b

    found = outcome(changing)
    assert changed == {"seen": 0}
    assert "SYMCNN_CHANGED" not in os.environ
    assert capfd.readouterr() == ("", "")
    assert found.remarks[0].startswith("The function printed 70 bytes: to the terminal")


def test_where_there_is_no_fork_it_runs_here_and_says_so(monkeypatch, capsys):
    monkeypatch.setattr(functions, "HAS_FORK", False)
    made = callee(lambda dout, x, w, b: (print("hello"), 2 * w, 2 * b)[1:] * 0, **CONV)
    assert made.notes[-1] == (
        "The function runs in this process, without limits of time and memory: "
        "this system cannot fork."
    )
    (found,) = made.run([conv_call()])
    assert found.failure == "The function returned 0 arrays where 3 (x, weight, bias) are due."
    assert found.remarks == ("The function printed 6 bytes: hello",)
    assert capsys.readouterr() == ("", "")


def test_here_too_failures_are_sentences(monkeypatch):
    monkeypatch.setattr(functions, "HAS_FORK", False)
    assert outcome(exiting).failure.startswith("The function called sys.exit('enough') in line ")
    with pytest.raises(KeyboardInterrupt):
        outcome(interrupted)
