(* PReLU

   A tensor that is computed is a curve: tau moves along it, and a prime marks a slope at tau = 0.
   The claim: if the tensors are what the forward formulas say, and the error signals what the
   printed derivatives say, the derivative of the output's pairing with its error signal is the sum
   of all derivatives times the slopes of what is read. *)

From Coq Require Import Reals Lra.
From Coquelicot Require Import Coquelicot.
From mathcomp Require Import ssreflect ssrfun ssrbool eqtype ssrnat.
From symcnn Require Import reals tactics.
Open Scope R_scope.

Definition PReLU : Prop :=
  forall C H W : nat, (0 < C)%N -> (0 < H)%N -> (0 < W)%N ->
  forall (alpha : nat -> R -> R) (alpha' : nat -> R),
  (forall c : nat, (c < C)%N -> is_derive (alpha c) 0 (alpha' c)) ->
  forall (x : nat -> nat -> nat -> R -> R) (x' : nat -> nat -> nat -> R),
  (forall i j c : nat, (i < H)%N -> (j < W)%N -> (c < C)%N -> is_derive (x i j c) 0 (x' i j c)) ->
  forall a : nat -> nat -> nat -> R -> R,
  (forall tau, forall i j c : nat, (i < H)%N -> (j < W)%N -> (c < C)%N -> a i j c tau = at_least 0 (x i j c tau) * alpha c tau * x i j c tau + above (x i j c tau) 0 * x i j c tau) ->
  (forall i j c : nat, (i < H)%N -> (j < W)%N -> (c < C)%N -> - x i j c 0 <> 0) ->
  (forall i j c : nat, (i < H)%N -> (j < W)%N -> (c < C)%N -> x i j c 0 <> 0) ->
  forall delta_a : nat -> nat -> nat -> R,
  forall delta_alpha : nat -> R,
  (forall c : nat, (c < C)%N -> delta_alpha c = \sum_(i < H) \sum_(j < W) at_least 0 (x i j c 0) * delta_a i j c * x i j c 0) ->
  forall delta_x : nat -> nat -> nat -> R,
  (forall i j c : nat, (i < H)%N -> (j < W)%N -> (c < C)%N -> delta_x i j c = (at_least 0 (x i j c 0) * alpha c 0 + above (x i j c 0) 0) * delta_a i j c) ->
  is_derive (fun tau => \sum_(i < H) \sum_(j < W) \sum_(c < C) delta_a i j c * a i j c tau) 0
    ((\sum_(c < C) delta_alpha c * alpha' c) + (\sum_(i < H) \sum_(j < W) \sum_(c < C) delta_x i j c * x' i j c)).

Theorem PReLU_proved : PReLU.
Proof.
move=> C H W pos_C pos_H pos_W alpha alpha' slope_alpha x x' slope_x a def_a domain0 domain1 delta_a delta_alpha def_delta_alpha delta_x def_delta_x.
pose a' i j c := (at_least 0 (x i j c 0) * alpha c 0 + above (x i j c 0) 0) * x' i j c + (at_least 0 (x i j c 0) * x i j c 0) * alpha' c.
have slope_a : forall i j c : nat, (i < H)%N -> (j < W)%N -> (c < C)%N -> is_derive (a i j c) 0 (a' i j c).
  move=> i j c lt_i lt_j lt_c; rewrite /a'; along def_a.
  by compares by idtac.
have pair_a : (\sum_(i < H) \sum_(j < W) \sum_(c < C) delta_a i j c * (a' i j c)) = (\sum_(i < H) \sum_(j < W) \sum_(c < C) ((at_least 0 (x i j c 0) * alpha c 0 + above (x i j c 0) 0) * delta_a i j c) * x' i j c) + (\sum_(c < C) (\sum_(i < H) \sum_(j < W) at_least 0 (x i j c 0) * delta_a i j c * x i j c 0) * alpha' c).
  transitivity ((\sum_(i < H) \sum_(j < W) \sum_(c < C) delta_a i j c * ((at_least 0 (x i j c 0) * alpha c 0 + above (x i j c 0) 0) * x' i j c)) + (\sum_(i < H) \sum_(j < W) \sum_(c < C) delta_a i j c * ((at_least 0 (x i j c 0) * x i j c 0) * alpha' c))); first by rewrite /a'; spread.
  by exchanges by idtac.
clearbody a'.
have received_alpha : (\sum_(c < C) delta_alpha c * (alpha' c)) = (\sum_(c < C) (\sum_(i < H) \sum_(j < W) at_least 0 (x i j c 0) * delta_a i j c * x i j c 0) * alpha' c).
  by receives (rewrite ?def_delta_alpha //) by idtac.
have received_x : (\sum_(i < H) \sum_(j < W) \sum_(c < C) delta_x i j c * (x' i j c)) = (\sum_(i < H) \sum_(j < W) \sum_(c < C) ((at_least 0 (x i j c 0) * alpha c 0 + above (x i j c 0) 0) * delta_a i j c) * x' i j c).
  by receives (rewrite ?def_delta_x //) by idtac.
eapply derive_equal; first derive.
by cbv beta; move: pair_a received_alpha received_x; lra.
Qed.

Print Assumptions PReLU_proved.
