(** The chain rule along a network: if the adjoint of every step is right, the error signal that
    the steps compose, from the last to the first, is the derivative. *)
From Coq Require Import Reals Lra.
From Coquelicot Require Import Coquelicot.
From mathcomp Require Import ssreflect ssrfun ssrbool eqtype ssrnat seq.
From symcnn Require Import reals.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Open Scope R_scope.

(** The entries of all tensors, numbered; a step computes some of them from the others and keeps
    the rest, and sends error signals back. *)
Definition entries := nat -> R.
Record step := Step { forward : entries -> entries; backward : entries -> entries -> entries }.

Section Network.
Variable n : nat.

Definition pairing (delta v : entries) : R := \sum_(j < n) delta j * v j.

(** Curves of entries that pass through [v], and their slopes there. *)
Definition through (v : entries) (x : nat -> R -> R) (x' : entries) : Prop :=
  (fun j => x j 0) = v /\ forall j, (j < n)%N -> is_derive (x j) 0 (x' j).

(** The adjoint of a step is right at [v]: along all curves, for all error signals. *)
Definition right_at (v : entries) (s : step) : Prop :=
  forall x x', through v x x' -> forall delta,
  is_derive (fun t => pairing delta (forward s (fun i => x i t))) 0
            (pairing (backward s v delta) x').

(** What a list of steps computes, and the error signal that it composes. *)
Fixpoint run (steps : seq step) (v : entries) : entries :=
  if steps is s :: rest then run rest (forward s v) else v.

Fixpoint signal (steps : seq step) (v delta : entries) : entries :=
  if steps is s :: rest then backward s v (signal rest (forward s v) delta) else delta.

Fixpoint all_right (steps : seq step) (v : entries) : Prop :=
  if steps is s :: rest then right_at v s /\ all_right rest (forward s v) else True.

Definition one (k : nat) : entries := fun j => if j == k then 1 else 0.

Lemma pairing_one k v : (k < n)%N -> pairing (one k) v = v k.
Proof. by move=> lt; apply: sum_one. Qed.

(** A step along curves gives curves, whose slopes follow from the adjoint. *)
Lemma through_step v s x x' :
  through v x x' -> right_at v s ->
  through (forward s v) (fun j t => forward s (fun i => x i t) j)
          (fun j => pairing (backward s v (one j)) x').
Proof.
move=> [at_v slopes] right; split; first by rewrite -at_v.
move=> j lt; apply: (is_derive_ext (fun t => pairing (one j) (forward s (fun i => x i t)))).
  by move=> t; rewrite pairing_one.
exact: right.
Qed.

(** Derivatives are unique: the slopes of the results, paired with an error signal, are the slopes
    of what is read, paired with what the step sends back. *)
Lemma pairing_step v s x x' delta :
  through v x x' -> right_at v s ->
  pairing delta (fun j => pairing (backward s v (one j)) x') = pairing (backward s v delta) x'.
Proof.
move=> curves right; have [_ slopes] := through_step curves right.
apply: (is_derive_unique2 (f := fun t => pairing delta (forward s (fun i => x i t)))).
  by apply: derive_sum => j lt; apply: derive_scale; exact: slopes.
exact: right.
Qed.

Theorem chain_rule steps v :
  all_right steps v ->
  forall x x', through v x x' -> forall delta,
  is_derive (fun t => pairing delta (run steps (fun i => x i t))) 0
            (pairing (signal steps v delta) x').
Proof.
elim: steps v => [|s rest IH] v /=.
  by move=> _ x x' [_ slopes] delta; apply: derive_sum => j lt; apply: derive_scale; exact: slopes.
move=> [right rest_right] x x' curves delta.
rewrite -(pairing_step _ curves right).
exact: (IH _ rest_right _ _ (through_step curves right)).
Qed.

End Network.
Print Assumptions chain_rule.
