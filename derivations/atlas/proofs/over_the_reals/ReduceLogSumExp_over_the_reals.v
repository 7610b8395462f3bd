(* ReduceLogSumExp

   A tensor that is computed is a curve: tau moves along it, and a prime marks a slope at tau = 0.
   The claim: if the tensors are what the forward formulas say, and the error signals what the
   printed derivatives say, the derivative of the output's pairing with its error signal is the sum
   of all derivatives times the slopes of what is read. *)

From Coq Require Import Reals Lra.
From Coquelicot Require Import Coquelicot.
From mathcomp Require Import ssreflect ssrfun ssrbool eqtype ssrnat.
From symcnn Require Import reals tactics.
Open Scope R_scope.

Definition ReduceLogSumExp : Prop :=
  forall C H W : nat, (0 < C)%N -> (0 < H)%N -> (0 < W)%N ->
  forall (x : nat -> nat -> nat -> R -> R) (x' : nat -> nat -> nat -> R),
  (forall i j c : nat, (i < H)%N -> (j < W)%N -> (c < C)%N -> is_derive (x i j c) 0 (x' i j c)) ->
  forall y : R -> R,
  (forall tau, y tau = ln (\sum_(i < H) \sum_(j < W) \sum_(c < C) exp (x i j c tau))) ->
  forall delta_y : R,
  forall delta_x : nat -> nat -> nat -> R,
  (forall i j c : nat, (i < H)%N -> (j < W)%N -> (c < C)%N -> delta_x i j c = exp (x i j c 0 - y 0) * delta_y) ->
  is_derive (fun tau => delta_y * y tau) 0
    ((\sum_(i < H) \sum_(j < W) \sum_(c < C) delta_x i j c * x' i j c)).

Theorem ReduceLogSumExp_proved : ReduceLogSumExp.
Proof.
move=> C H W pos_C pos_H pos_W x x' slope_x y def_y delta_y delta_x def_delta_x.
pose y' := (\sum_(i < H) \sum_(j < W) \sum_(c < C) exp (x i j c 0 - y 0) * x' i j c).
have exp_y : \sum_(i < H) \sum_(j < W) \sum_(c < C) exp (x i j c 0) = exp (y 0).
  by rewrite def_y // exp_ln //; positive.
have slope_y : is_derive (y) 0 (y').
  rewrite /y'; along def_y.
  by rewrite ?exp_y //; compares by idtac.
have pair_y : (delta_y * (y')) = (\sum_(i < H) \sum_(j < W) \sum_(c < C) (exp (x i j c 0 - y 0) * delta_y) * x' i j c).
  transitivity ((delta_y * ((\sum_(i < H) \sum_(j < W) \sum_(c < C) exp (x i j c 0 - y 0) * x' i j c)))); first by rewrite /y'; spread.
  by exchanges by idtac.
clearbody y'.
have received_x : (\sum_(i < H) \sum_(j < W) \sum_(c < C) delta_x i j c * (x' i j c)) = (\sum_(i < H) \sum_(j < W) \sum_(c < C) (exp (x i j c 0 - y 0) * delta_y) * x' i j c).
  by receives (rewrite ?def_delta_x //) by idtac.
eapply derive_equal; first derive.
by cbv beta; move: pair_y received_x; lra.
Qed.

Print Assumptions ReduceLogSumExp_proved.
