/** Keys of well-known makers, tokens in three parts, what follows the name of a scheme. */
export const SECRET_VALUE: RegExp =
  /\b(sk|pk|rk|hf|gsk|xai|gh[opsu]|github_pat|glpat|xox[abps])[-_][\w-]{8,}|\bAKIA[A-Z0-9]{12,}|\bAIza[\w-]{20,}|\beyJ[\w-]{10,}\.[\w-]+\.|^(bearer|basic) /i;
