"""Hold what the command line says, in English and Chinese."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from bayestrace.messages import Both, Lang, speaker

if TYPE_CHECKING:
    from bayestrace.study import Study

WORDS: dict[str, Both] = {
    "case": Both("case", "案例"),
    "hypothesis": Both("explanation", "解释"),
    "face": Both("face value", "面值"),
    "unpooled": Both("unpooled", "未合并"),
    "pooled": Both("pooled", "合并"),
    "interval": Both("94 %", "94%区间"),
    "weight": Both("dB", "dB"),
    "rival": Both("against", "最接近的竞争解释"),
    "prior": Both("prior", "先验"),
    "theory": Both("what holds", "成立者"),
    "theories": Both(
        "The theories may hold together: these probabilities do not add up to 100 %.",
        "各理论可以并存：以下概率之和不为 100%，不可相加。",
    ),
    "at-least-one": Both("at least one of them", "至少一种成立"),
    "both": Both("both together", "两种均成立"),
    "at-least": Both("at least {number} of them", "至少 {number} 种成立"),
    "all-of": Both("all {number} together", "{number} 种全部成立"),
    "qda-read": Both(
        "{count} observations to be completed, in {files} files, from a project of {origin}:",
        "已由 {origin} 的项目生成 {count} 条待补全的观察，共 {files} 个文件：",
    ),
    "qda-unknown": Both(
        "Codes that the study has no name for (kept in the notes; --map says what they mean): {codes}",
        "研究中没有对应名称的编码（保留在 note 中，可用 --map 指明含义）：{codes}",
    ),
    "qda-offsets": Both("{source}: positions count {units}; {why}.", "{source}：位置按 {units} 计数；{why}。"),
    "qda-points": Both("characters (code points)", "字符（码点）"),
    "qda-utf16": Both("UTF-16 units", "UTF-16 单元"),
    "qda-by-text": Both("the project repeats the quotations so", "项目中重复的引文与此相符"),
    "qda-by-words": Both("so quotations begin and end where words do", "如此引文的起止才与词的边界一致"),
    "qda-by-standard": Both(
        "nothing tells, so the standard was followed; compare the quotations", "无从判断，故从标准；请核对引文"
    ),
    "qda-left": Both("Not taken over: {what}", "未导入：{what}"),
    "qda-written": Both("Written: {path}", "已写入：{path}"),
    "references": Both(
        "{count} of {total} sources, after {style}.",
        "共 {total} 条来源，列出 {count} 条，格式：{style}。",
    ),
    "sound": Both(
        "{folder}: no fault. {evidence} observations in {cases} cases, {coders} coders, {sources} sources, "
        "{profiles} prior profiles.",
        "{folder}：未发现错误。{cases} 个案例共 {evidence} 条观察，{coders} 位编码者，"
        "{sources} 条来源，{profiles} 种先验设定。",
    ),
    "sound-clues": Both("Clues: {clues}, sought {searches} times.", "线索 {clues} 条，共查找 {searches} 次。"),
    "sound-candidates": Both("Candidates to seek next: {candidates}.", "下一步可寻的候选证据 {candidates} 项。"),
    "sound-silent": Both("Declared, and nothing stated yet: {names}.", "已声明而尚无编码：{names}。"),
    "private-left-out": Both(
        "Left out as private: {observations} observation(s), {sources} source(s), {notes} note(s). --with-private "
        "keeps them.",
        "作为不公开内容略去：观察 {observations} 条、来源 {sources} 条、说明 {notes} 条。--with-private 可予保留。",
    ),
    "faults": Both(
        "{count} fault(s) in the study; nothing was computed.",
        "研究文件有 {count} 处错误，未作任何计算。",
    ),
    "faults-returned": Both(
        "{count} fault(s) in what was sent back; nothing was written.",
        "寄回的文件有 {count} 处错误，未写入任何内容。",
    ),
    "compiling": Both(
        "Compiling the model. This takes a minute or two the first time on a machine; the same model starts in "
        "seconds afterwards.",
        "正在编译模型。在一台机器上首次编译需一两分钟，以后同一模型只需几秒。",
    ),
    "fits-elsewhere": Both("workers made {done} of {total} fits", "工作进程已完成 {done}/{total} 次拟合"),
    "sampling": Both("sampling {done} of {total} draws", "抽样 {done}/{total}"),
    "several-turn": Both("Updating {number} of {count}: {study}", "正在更新第 {number}/{count} 项：{study}"),
    "several-head": Both("{study}: {title}", "{study}：{title}"),
    "several-findings": Both("Findings: {count}; see the report.", "须知 {count} 条，见报告。"),
    "several-fault": Both("{study} is not updated:", "{study} 未能更新："),
    "several-updated": Both(
        "Updated {done} of {count} studies: {studies}", "已更新 {count} 项研究中的 {done} 项：{studies}"
    ),
    "several-doubtful": Both(
        "Written, but a check failed; do not quote before the check is mended (exit code 4): {studies}",
        "结果已写出，但有检验未通过，解决之前请勿引用（退出码 4）：{studies}",
    ),
    "several-not": Both("Not updated, for the reasons above: {studies}", "未更新（原因见上）：{studies}"),
    "several-interrupted": Both(
        "Interrupted; what had not been written by then is as it was.", "已中断；此时尚未写出的结果保持原样。"
    ),
    "writing": Both("Writing {folder}", "写入 {folder}"),
    "written": Both("Written to {folder}: {files}", "已写入 {folder}：{files}"),
    "private": Both(
        "This study has private parts: {observations} observations, {sources} sources, {notes} notes. Their text is in "
        "{path}, so do not hand that file out; the report and all other files do not have it. A copy without it: "
        "bayestrace report {folder} --public FILE.nc",
        "本研究含不公开内容：观察 {observations} 条，来源 {sources} 条，说明 {notes} 条。其文字保存在 {path} 中，"
        "请勿外传该文件；报告及其他文件均不含这些文字。不含这些文字的副本：bayestrace report {folder} --public 文件.nc",
    ),
    "public": Both("{path} holds nothing that the study marks as private.", "{path} 不含研究标为不公开的任何内容。"),
    "open": Both("Open {path} in a browser.", "请用浏览器打开 {path}。"),
    "leads": Both("{leader} in {case} ({probability})", "{case}为{leader}（{probability}）"),
    "tied": Both("no single one in {case}, where several are equally probable", "{case}无居首者（几种解释同样可能）"),
    "separator": Both("; ", "；"),
    "leads-in": Both("leads in", "居首案例数"),
    "expected-in": Both("expected in", "期望案例数"),
    "no-single": Both("no single one", "无居首者"),
    "of-many": Both(
        "All {count} cases; {shown} of them stand above, evenly spaced from the least to the most certain, and "
        "summary.json has each:",
        "全部 {count} 个案例（上表按把握由小到大等距选取 {shown} 个；逐案结果见 summary.json）：",
    ),
    "asked-of": Both(
        "Of the {count} cases, {asked} are asked about, evenly spaced from the least to the most certain, each by "
        "itself; what all cases have taught of coders and signal is kept.",
        "全部 {count} 个案例中，按把握由小到大等距选取 {asked} 个逐一分析；"
        "从全部案例中估得的编码者特征与信号强度保持不变。",
    ),
    "leads-many": Both("{leader} in {count} cases", "{leader}（{count} 个案例）"),
    "tied-many": Both("no single one in {count} cases", "无居首者（{count} 个案例）"),
    "answer-model": Both(
        "Pooling the cases under the '{profile}' prior, the explanation that most likely did most of the work is: "
        "{cases}.",
        "在“{profile}”先验下合并估计各案例，最可能起主要作用的解释：{cases}。",
    ),
    "answer-exact": Both(
        "From the clues, pooling the cases under the '{profile}' prior, the explanation that most likely did most of "
        "the work is, exactly: {cases}.",
        "据线索在“{profile}”先验下合并估计各案例（精确计算，故无区间），最可能起主要作用的解释：{cases}。",
    ),
    "excluded": Both("excluded", "已排除"),
    "all-excluded": Both("every rival is excluded", "竞争解释均已排除"),
    "so-many": Both("{case} ({count} cases)", "{case}（{count}个案例）"),
    "from-clues": Both("from clues", "由线索所得"),
    "clues-beside": Both(
        "The clues: a second, coarser reading of the same evidence, beside the result above and not added to it.",
        "线索：对同一批证据的第二种、较粗略的解读，列在以上结果旁边，并不与之相加。",
    ),
    "pattern": Both("The mechanism's full pattern, by the clues:", "机制的完整模式（按线索）："),
    "pattern-holds": Both("{case}: holds", "{case}：成立"),
    "pattern-fails": Both("{case}: does not hold ({links})", "{case}：不成立（{links}）"),
    "pattern-open": Both("{case}: cannot be told ({links})", "{case}：无法判断（{links}）"),
    "pattern-none": Both("{case}: nothing predicted of a link with a clue", "{case}：有线索的环节均无预期"),
    "standing-mixed": Both("mixed", "有正有反"),
    "standing-against": Both("against the prediction", "与预期相反"),
    "standing-not-found": Both("not found", "未找到"),
    "standing-not-sought": Both("not sought", "未查找"),
    "shares": Both("Among all cases like these:", "所有此类案例之中："),
    "share": Both("{name} {mean} (sd {sd})", "{name} {mean}（标准差 {sd}）"),
    "without": Both("without clue {clue} {value}", "剔除线索 {clue} 后 {value}"),
    "answer-face": Both(
        "At face value, under the '{profile}' prior, the leading explanation is: {cases}.",
        "按面值计算，在“{profile}”先验下居首的解释：{cases}。",
    ),
    "focal-nowhere": Both(
        "The focal explanation ({focal}) leads in none of the {count} cases.",
        "焦点解释（{focal}）在 {count} 个案例中均不居首。",
    ),
    "focal-somewhere": Both(
        "The focal explanation ({focal}) leads in {lead} of the {count} cases.",
        "焦点解释（{focal}）在 {count} 个案例中的 {lead} 个居首。",
    ),
    "findings": Both("Findings", "须知"),
    "warning": Both("warning", "注意"),
    "failure": Both("CHECK FAILED", "检验未通过"),
    "failed": Both(
        "The result was written, but a check failed: do not quote it before the check is mended (exit code 4).",
        "结果已写出，但有检验未通过：解决之前请勿引用（退出码 4）。",
    ),
    "interrupted": Both("Interrupted; nothing was written.", "已中断，未写入任何文件。"),
    "error": Both("Error: {fault}", "错误：{fault}"),
    "bug": Both(
        "This is a fault of bayestrace, not of your study: {fault}. Please report it with the lines above.",
        "这是 bayestrace 的程序错误，与您的研究文件无关：{fault}。请附上以上内容报告给开发者。",
    ),
    "coder": Both("coder", "编码者"),
    "observations": Both("observations", "观察"),
    "weights": Both("weights", "权重"),
    "in-50": Both("in 50 %", "50%区间内"),
    "in-90": Both("in 90 %", "90%区间内"),
    "log-score": Both("log score", "对数评分"),
    "in-sequence": Both("in sequence", "依次"),
    "plain-mean": Both("plain mean", "简单平均"),
    "error-db": Both("error dB", "误差dB"),
    "comma": Both(", ", "、"),
    "panel": Both("Fit of {coders}", "拟合：{coders}"),
    "fit-begun": Both(
        "Fit of {coders}: explanations {set}, {count} observations that weigh",
        "拟合：{coders}；假设集{set}，{count}条计入的观察",
    ),
    "forecast-legend": Both(
        "In 50 %, in 90 %: share of the coder's weights, focal explanation over a rival, inside the predicted "
        "interval.\nLog score: mean log density of what was stated of an observation (nats; more is better), first of "
        "each observation by itself,\nthen in sequence, knowing what the coder said of the others (at least so much); "
        "last of the plain mean of the other coders.\nError: root mean square of the predicted weights in decibels, "
        "and that of the plain mean.",
        "50%区间内、90%区间内：该编码者的权重（焦点解释相对于各竞争解释）落入预测区间的比例。\n"
        "对数评分：对一条观察所述内容的平均对数密度（奈特，越大越好），先是逐条单独预测，"
        "再是依次预测（已知该编码者对其他观察所述，数值为下限），\n最后是其他编码者的简单平均。\n"
        "误差：预测权重的均方根误差（分贝），其后为简单平均的误差。",
    ),
    "forecast-written": Both("Written: {path}", "已写入：{path}"),
    "forecast-failed": Both(
        "The sampler of a fit failed a check: do not quote these figures before it is mended (exit code 4).",
        "有一次拟合未通过抽样检验：解决之前请勿引用以上数字（退出码 4）。",
    ),
    "simulating": Both("simulated {done} of {total} studies", "已模拟 {done}/{total} 项研究"),
    "simulating-left": Both(
        "simulated {done} of {total} studies, about {minutes} min left",
        "已模拟 {done}/{total} 项研究，约剩 {minutes} 分钟",
    ),
    "calibration-interrupted": Both(
        "Interrupted. The studies kept in {folder} stay; the same command goes on from there.",
        "已中断。已保存在 {folder} 的模拟研究仍在；重新运行同一命令即从该处继续。",
    ),
    "updating-first": Both(
        "No result in {folder} fits the study as it is; updating first.",
        "{folder} 中没有与当前研究相符的结果，先行更新。",
    ),
    "analysis": Both("Working out: {what} ({name})", "正在计算：{what}（{name}）"),
    "analysis-profiles": Both("other prior profiles", "其他先验设定"),
    "analysis-simplex": Both("every prior", "全部先验"),
    "analysis-focal_prior": Both("the prior of one explanation", "某一解释的先验概率"),
    "analysis-kappa": Both("how alike cases are", "案例的相似程度"),
    "analysis-levels": Both("the levels of pooling", "合并的层次"),
    "analysis-limits": Both("the limits of what a prior can do", "先验所能改变的限度"),
    "analysis-power": Both("prior and evidence raised to powers", "先验与证据的幂次"),
    "analysis-left_out": Both("the answer without each part", "逐一去掉各部分之后的结论"),
    "analysis-smallest": Both("the fewest observations to leave out", "最少去掉几条观察"),
    "analysis-bounds": Both("the ends of the stated ranges", "所述区间的端点"),
    "analysis-overconfidence": Both("more doubt of each kind", "加大各类疑虑"),
    "analysis-rival": Both("an explanation that nobody listed", "未列出的解释"),
    "analysis-multiverse": Both("every combination of choices", "各种选择的全部组合"),
    "evaluating": Both("evaluated {done} of {total}", "已计算 {done}/{total}"),
    "flips": Both("Another explanation would lead:", "居首的解释会改变："),
    "stays": Both("The leader stays:", "居首的解释不变："),
    "skipped": Both("Not made ({name}): {reason}", "未作此项（{name}）：{reason}"),
    "more-findings": Both("{count} more; see the report.", "另有 {count} 条，见报告。"),
}


def say_private(study: Study, folder: Path, lang: Lang) -> str | None:
    """Warn of the file in which the private parts of a study stand; None where it has none."""
    from bayestrace.study.private import private_parts  # noqa: PLC0415 - start-up does without it

    parts = private_parts(study)
    named = {name: str(count) for name, count in parts._asdict().items()}
    return say("private", lang, path=folder / "posterior.nc", folder=folder, **named) if any(parts) else None


say = speaker(WORDS)
