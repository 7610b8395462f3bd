(** How the proofs of layers go: a derivative is taken along the tree of its formula, and the sums
    of the chain rule are distributed, exchanged and compared entry by entry. *)
From Coq Require Import Reals Lra.
From Coquelicot Require Import Coquelicot.
From mathcomp Require Import ssreflect ssrfun ssrbool eqtype ssrnat.
From symcnn Require Import reals.
Open Scope R_scope.

Lemma unequal_to_zero x : 0 < x -> x <> 0.
Proof. lra. Qed.

(** A hypothesis about entries, at indices that are within their bounds. *)
Ltac given_sign :=
  match goal with
  | H : context [not _] |- _ <> 0 => solve [simple eapply H; eassumption]
  | H : context [Rlt _ _] |- _ < _ => solve [simple eapply H; eassumption]
  end.
Ltac given_slope :=
  match goal with
  | H : context [is_derive _ _ _] |- is_derive _ _ _ =>
      solve [eapply derive_equal; [simple eapply H; eassumption | reflexivity]]
  end.

(** No proof looks into the definition of a function: this would take long, too. *)
#[global] Opaque exp ln sqrt Rpower sin cos atan sinh cosh tanh sigmoid softplus normal_cdf.
#[global] Opaque density relu above at_least if_less summation INR.

(** [0 < e] and [e <> 0], from the form of [e]. *)
Ltac positive :=
  cbv beta;
  lazymatch goal with
  | |- _ <> 0 => first [given_sign | apply: unequal_to_zero; positive]
  | |- 0 < exp _ => exact: exp_pos
  | |- 0 < cosh _ => exact: cosh_positive
  | |- 0 < sqrt _ => apply: sqrt_lt_R0; positive
  | |- 0 < PI => exact: PI_RGT_0
  | |- 0 < INR _ => apply: size_positive; assumption
  | |- 0 < summation _ _ => first [given_sign | apply: sum_positive => [|? ?]; [assumption | positive]]
  | |- 0 < _ * _ => first [given_sign | apply: Rmult_lt_0_compat; positive]
  | |- 0 < / _ => apply: Rinv_0_lt_compat; positive
  | |- 0 < _ / _ => first [given_sign | apply: Rdiv_lt_0_compat; positive]
  | |- 0 < _ ^ _ => apply: pow_lt; positive
  | |- 0 < _ + _ => first [given_sign | apply: Rplus_lt_0_compat; positive]
  | |- _ => first [given_sign | lra]
  end.

(** Two numbers that a hypothesis says to differ. *)
Ltac apart :=
  cbv beta;
  first
    [ given_sign
    | match goal with
      | H : context [not _] |- _ <> 0 =>
          let e := fresh in move=> e; simple eapply H; [eassumption .. | lra]
      end ].

(** [is_derive f t ?v], along the tree of [f]. *)
Ltac derive :=
  lazymatch goal with
  | |- is_derive (fun s => s) _ _ => simple eapply derive_id
  | |- is_derive (fun _ => ?c) _ _ => simple eapply derive_const
  | |- is_derive (fun s => summation ?n (@?F s)) _ _ =>
      eapply (derive_sum (f := fun i s => F s i)); intros; cbv beta; derive
  | |- is_derive (fun s => @?f s + @?g s) _ _ => eapply derive_add; [derive | derive]
  | |- is_derive (fun s => @?f s - @?g s) _ _ => eapply derive_sub; [derive | derive]
  | |- is_derive (fun s => - @?f s) _ _ => eapply derive_opp; derive
  | |- is_derive (fun s => @?f s * @?g s) _ _ =>
      lazymatch f with
      | fun _ => ?a => eapply (@derive_scale a g); derive
      | _ => eapply derive_mul; [derive | derive]
      end
  | |- is_derive (fun s => / @?f s) _ _ => eapply derive_inv; [derive | positive]
  | |- is_derive (fun s => @?f s / @?g s) _ _ =>
      lazymatch g with
      | fun _ => ?a => eapply (@derive_over a f); derive
      | _ => eapply derive_div; [derive | derive | positive]
      end
  | |- is_derive (fun s => (@?f s) ^ ?n) _ _ => eapply derive_pow; derive
  | |- is_derive (fun s => exp (@?f s)) _ _ => eapply derive_exp; derive
  | |- is_derive (fun s => ln (@?f s)) _ _ => eapply derive_ln; [derive | positive]
  | |- is_derive (fun s => sqrt (@?f s)) _ _ => eapply derive_sqrt; [derive | positive]
  | |- is_derive (fun s => Rpower (@?f s) ?a) _ _ => eapply derive_power; [derive | positive]
  | |- is_derive (fun s => sin (@?f s)) _ _ => eapply derive_sin; derive
  | |- is_derive (fun s => cos (@?f s)) _ _ => eapply derive_cos; derive
  | |- is_derive (fun s => atan (@?f s)) _ _ => eapply derive_atan; derive
  | |- is_derive (fun s => sinh (@?f s)) _ _ => eapply derive_sinh; derive
  | |- is_derive (fun s => cosh (@?f s)) _ _ => eapply derive_cosh; derive
  | |- is_derive (fun s => tanh (@?f s)) _ _ => eapply derive_tanh; derive
  | |- is_derive (fun s => sigmoid (@?f s)) _ _ => eapply derive_sigmoid; derive
  | |- is_derive (fun s => softplus (@?f s)) _ _ => eapply derive_softplus; derive
  | |- is_derive (fun s => normal_cdf (@?f s)) _ _ => eapply derive_normal_cdf; derive
  | |- is_derive (fun s => relu (@?f s)) _ _ => eapply derive_relu; [derive | positive]
  | |- is_derive (fun s => above (@?f s) (@?g s)) _ _ =>
      eapply derive_above; [derive | derive | apart]
  | |- is_derive (fun s => at_least (@?f s) (@?g s)) _ _ =>
      eapply derive_at_least; [derive | derive | apart]
  | |- is_derive (fun s => Rmax (@?f s) (@?g s)) _ _ =>
      eapply derive_maximum; [derive | derive | apart]
  | |- is_derive (fun s => Rabs (@?f s)) _ _ => eapply derive_abs; [derive | positive]
  | |- is_derive (fun s => if_less (@?f s) (@?g s) (@?a s) (@?b s)) _ _ =>
      eapply derive_cases; [derive | derive | derive | derive | apart]
  | |- _ => given_slope
  end.

(** A tensor's slope from that of its formula: [def] is the equation that defines it. *)
Ltac along def :=
  eapply is_derive_ext; [by move=> ?; symmetry; apply: def; assumption |];
  eapply derive_equal; [derive | cbv beta; cbn [Nat.pred Z.of_nat Pos.of_succ_nat Pos.succ]].

(** An equality of real numbers that are no sums: the rules of a field, and those of exp. *)
Ltac divisors := repeat split; positive.
Ltac entry names :=
  first
    [ ring
    | field; divisors
    | names; rewrite /Rminus ?exp_plus ?exp_Ropp; first [ring | field; divisors] ].

(** [e = ?f], with every sum of [e] moved to its outside. *)
Ltac expand :=
  cbv beta; rewrite /Rdiv ?sum_opp ?sum_scale ?sum_scale_right;
  lazymatch goal with
  | |- summation _ _ = _ => eapply sum_equal; intros; expand
  | |- _ => reflexivity
  end.

(** Sums over the same loops, in any order. *)
Ltac reorder names :=
  cbv beta;
  lazymatch goal with
  | |- summation _ _ = summation _ _ =>
      first
        [ apply: sum_equal => ? ?; reorder names
        | rewrite [LHS]sum_exchange; apply: sum_equal => ? ?; reorder names
        | rewrite [LHS]sum_exchange3; apply: sum_equal => ? ?; reorder names
        | rewrite [LHS]sum_exchange4; apply: sum_equal => ? ?; reorder names ]
  | |- _ => entry names
  end.

Ltac exchange names :=
  eapply eq_trans; [expand | symmetry; eapply eq_trans; [expand | symmetry; reorder names]].

(** Sums of sums: each of those on the left is one on the right, or they are merged. *)
Ltac compare names :=
  cbv beta;
  first
    [ entry names
    | exchange names
    | rewrite /Rdiv /Rminus ?sum_opp ?sum_scale ?sum_scale_right -?sum_add;
      apply: sum_equal => ? ?; compare names
    | rewrite ?Rplus_assoc -?sum_add; apply: (f_equal2 Rplus); compare names
    | rewrite [RHS]Rplus_comm; apply: (f_equal2 Rplus); compare names ].

(** A sum of sums is the sum of their terms. *)
Ltac spread :=
  cbv beta; first [ring | rewrite -?sum_add; apply: sum_equal => ? ?; spread].

Ltac each names :=
  lazymatch goal with
  | |- _ + _ = _ + _ => apply: (f_equal2 Rplus); each names
  | |- _ => exchange names
  end.

(** What a tensor receives, entry by entry: one sum for every equation that reads it. *)
Ltac receive def names :=
  cbv beta; rewrite -?sum_add;
  lazymatch goal with
  | |- summation _ _ = summation _ _ => apply: sum_equal => ? ?; receive def names
  | |- _ =>
      def;
      first
        [ entry names
        | rewrite -?Rmult_plus_distr_r; apply: (f_equal2 Rmult); [compare names | reflexivity] ]
  end.

Tactic Notation "compares" "by" tactic3(names) := cbv beta; compare names.
Tactic Notation "exchanges" "by" tactic3(names) := each names.
Tactic Notation "receives" tactic3(def) "by" tactic3(names) := receive def names.

(** Values of functions are letters, as far as the rules of a field are concerned. *)
Ltac letters :=
  repeat match goal with |- context [sigmoid ?a] => move: (sigmoid a) => ? end;
  repeat match goal with |- context [at_least ?a ?b] => move: (at_least a b) => ? end;
  repeat match goal with |- context [above ?a ?b] => move: (above a b) => ? end;
  repeat match goal with |- context [Rmax ?a ?b] => move: (Rmax a b) => ? end.
