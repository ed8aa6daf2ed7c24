"""Hold what is said of a case not yet seen, in English and Chinese."""

from __future__ import annotations

from bayestrace.messages import Both, speaker

WORDS: dict[str, Both] = {
    "working": Both("Working out what would be foreseen without each case.", "正在计算：若没有各个案例，预测会如何。"),
    "result": Both(
        "{place} ({kind}; prior profile {profile}; hypothesis set {set})",
        "{place}（{kind}；先验设定：{profile}；假设集：{set}）",
    ),
    "model": Both("model", "模型"),
    "face-value": Both("face value", "面值"),
    "clues": Both("clues alone", "仅据线索"),
    "comma": Both(", ", "、"),
    "semicolon": Both("; ", "；"),
    "stop": Both(" ", ""),
    "in-group": Both("{factor}: {group}", "{factor}：{group}"),
    "new": Both("a new one", "新的一组"),
    "new-named": Both("a new one, “{group}”", "新的一组“{group}”"),
    "case-not-seen": Both("Case not yet seen⟦ – {groups}⟧", "尚未考察的案例⟦——{groups}⟧"),
    "hypothesis": Both("explanation", "解释"),
    "prior": Both("prior", "先验"),
    "probability": Both("foreseen", "预测"),
    "interval-50": Both("50 %", "50%区间"),
    "interval-94": Both("94 %", "94%区间"),
    "case": Both("borrowed from", "借自案例"),
    "same-before": Both("same, prior", "解释相同，先验"),
    "same": Both("same", "解释相同"),
    "apart": Both("apart", "独立"),
    "without": Both("without", "略去"),
    "nats": Both("nats", "奈特"),
    "k": Both("k", "k"),
    "level": Both("comes through", "经由"),
    "weight-before": Both("weight, prior", "权重，先验"),
    "weight": Both("weight", "权重"),
    "alone": Both("foreseen there", "该层预测"),
    "share": Both("share", "份额"),
    "common": Both("common to all cases", "所有案例共有"),
    "own": Both("the case's own (the prior)", "案例自有（即先验）"),
    "level-new": Both("{factor}: {group} (the prior)", "{factor}：{group}（即先验）"),
    "foreseen": Both(
        "A case not yet seen⟦ ({groups})⟧ would most likely be explained by {leader} ({probability}; prior {prior}).",
        "一个尚未考察的案例⟦（{groups}）⟧最可能的解释是{leader}（{probability}；先验 {prior}）。",
    ),
    "tied": Both(
        "Of a case not yet seen⟦ ({groups})⟧ no explanation leads: {leaders} have {probability} each.",
        "对一个尚未考察的案例⟦（{groups}）⟧，没有居首的解释：{leaders}各为 {probability}。",
    ),
    "borrows": Both(
        "It borrows most from {case}: if that case shared nothing with the others, {leader} would have {probability}.",
        "它借自{case}的最多：假如该案例与其他案例毫无共性，{leader}的概率将为 {probability}。",
    ),
    "borrows-face": Both(
        "It borrows most from {case}: without the evidence of that case, {leader} would have {probability}.",
        "它借自{case}的最多：假如没有该案例的证据，{leader}的概率将为 {probability}。",
    ),
    "next": Both("Next comes {case}: {leader} would have {probability}.", "其次是{case}：届时为 {probability}。"),
    "borrows-nothing": Both(
        "It borrows nothing from the cases of the study: its probabilities are the prior.",
        "它没有从研究的任何案例借得什么：其概率即先验。",
    ),
    "from-prior": Both(
        "Of the probability of {leader}, {share} comes from the prior, through pools that no case of the study is in.",
        "{leader}的概率中有 {share} 来自先验，即经由研究中没有案例的解释池。",
    ),
    "percent": Both("{share} %", "{share}%"),
    "legend-same": Both(
        "Same: probability that the new case has the same explanation as this one, before and after the evidence.",
        "解释相同：新案例与该案例解释相同的概率，证据之前与之后。",
    ),
    "legend-apart": Both(
        "Apart: probability of {leader} if the case shared nothing with the others, its evidence still telling of the "
        "coders.",
        "独立：假如该案例与其他案例毫无共性（其证据仍可用于了解编码者），{leader}的概率。",
    ),
    "legend-without": Both(
        "Without: probability of {leader} without the case's evidence.", "略去：假如没有该案例的证据，{leader}的概率。"
    ),
    "legend-nats": Both(
        "Nats: information in which what is foreseen then differs from what is foreseen now.",
        "奈特：届时的预测与现在的预测相差的信息量。",
    ),
    "legend-k": Both(
        "k: Pareto k of the weights that the draws then have⟦; not to be believed where marked {mark}: k above 0.7, or "
        "fewer than 50 effective draws⟧.",
        "k：届时各次抽样所得权重的 Pareto k⟦；标有 {mark} 者不可信：k 大于 0.7，或有效抽样不足 50 次⟧。",
    ),
    "legend-levels": Both(
        "Weight: how probably the new case takes its explanation at this level. Foreseen there: probability of "
        "{leader} if it does. Share: of the probability of {leader}, how much comes through this level.",
        "权重：新案例在该层次取得解释的概率。该层预测：届时{leader}的概率。份额：{leader}的概率中有多少经由该层次而来。",
    ),
    "legend-groups": Both(
        "Groups of the study: {groups}. Name the case with --case, such as --case {example}.",
        "研究中的组：{groups}。用 --case 写明案例，如 --case {example}。",
    ),
    "legend-no-factors": Both(
        "The study groups its cases by no factor, so there is one kind of case not yet seen.",
        "研究未按任何因素给案例分组，因此尚未考察的案例只有一种。",
    ),
    "groups-of": Both("{factor} = {groups}", "{factor} = {groups}"),
    "written": Both("Written to {folder}: {files}", "已写入 {folder}：{files}"),
    "failed": Both(
        "This result failed a check: do not quote what follows from it before the check is mended (exit code 4).",
        "该结果有检验未通过：解决之前请勿引用由此得出的数字（退出码 4）。",
    ),
}

say = speaker(WORDS)
