"""What the part of the page says in which a reader changes the assumptions."""

from bayestrace.messages.wording import Both

#: Words that stand in the page.
LIVE: dict[str, Both] = {
    "intro": Both(
        "Disagree with a prior, a weight or a piece of evidence? Change it: the posterior is worked out anew here, "
        "from the numbers that this file carries. The ring is what is reported, the dot is what follows from your "
        "settings. Observations are left out, and weights overwritten, where they stand under “The evidence”.",
        "不同意某项先验、权重或证据？请直接改动：后验概率将依据本文件所载的数字在此重新计算。空心圆为报告所述，"
        "实心圆为按您的设定所得。略去观察或改写权重，请在“证据”一节的相应位置操作。",
    ),
    "still": Both(
        "This part answers only where the browser runs the script of this file. All else on the page is complete.",
        "本节须由浏览器运行本文件中的脚本方能作答；页面其余内容均完整无缺。",
    ),
    "not-here": Both(
        "This study has too many joint explanations for a page to go through; "
        "`bayestrace sensitivity` answers instead.",
        "本研究的联合解释过多，网页无法逐一计算，请改用`bayestrace sensitivity`。",
    ),
    "not-here-clues": Both(
        "A page can answer anew where it can go through every joint explanation of the cases. Here it cannot: there "
        "are too many, a case stands for several, or cases were chosen for their outcome. Change the study's profile "
        "and run `bayestrace update` instead.",
        "网页只有在能逐一计算各案例的全部联合解释时，才能重新作答。此处不能：或联合解释过多，或有案例代表多个案例，"
        "或案例因其结果而选取。请改动研究的先验设定，再运行`bayestrace update`。",
    ),
    "pools": Both(
        "These cases have more joint explanations than a page can go through one by one. So it reweights stored draws "
        "of the pools: which level of pooling each case takes its explanation from. What follows from each draw is "
        "exact; what the draws are worth under your settings is said below the figures.",
        "这些案例的联合解释过多，网页无法逐一计算，因而对所存的解释池抽样重新加权：每次抽样记录各案例的解释取自哪一合并层次。"
        "给定一次抽样，其结果是精确的；在您的设定下抽样的效力如何，见图下说明。",
    ),
    "apart": Both(
        "These are too many cases for a page to add up over all the ways in which they may draw on several levels of "
        "pooling. Leave one level alone, take one explanation for all, or pool nothing, and the page answers exactly; "
        "for several levels fit the model by `bayestrace update`.",
        "案例过多，网页无法对各案例取用多个合并层次的全部方式求和。只保留一个层次、全部案例共有一种解释或不合并时，"
        "网页可精确作答；若用多个层次，请用`bayestrace update`拟合模型。",
    ),
    "figure": Both("{case}: as reported and under your settings", "{case}：报告所述与您的设定"),
    "desc": Both("As reported: {items}", "报告所述：{items}"),
    "alone": Both(
        "What is reported takes each case by itself. The dots start from the pooling of the study's profile; "
        "“no pooling” brings them to the rings.",
        "报告所述为各案例独立所得；实心圆则从研究先验设定中的合并方式出发，选择“不合并”即与空心圆重合。",
    ),
    "key-ring": Both("as reported", "报告所述"),
    "key-ring-pooled": Both("as reported, face value pooled", "报告所述（面值，合并估计）"),
    "key-ring-alone": Both("as reported, face value case by case", "报告所述（面值，逐案）"),
    "key-dot": Both("under your settings", "您的设定"),
    "prior": Both("Prior", "先验"),
    "prior-note": Both(
        "Shares of belief before the evidence; they are brought to a sum of 100 %.",
        "尚未考察证据时的置信程度，按比例归一为100%。",
    ),
    "presets": Both("Stated standpoints", "已有的先验设定"),
    "as-reported": Both("as reported", "报告所用"),
    "even": Both("equal", "各种解释相等"),
    "pooling": Both("Pooling of the cases", "案例的合并"),
    "kappa": Both("Concentration κ", "集中度κ"),
    "kappa-fitted": Both("as reported", "报告所用"),
    "kappa-one": Both("κ = 0: one explanation a pool", "κ = 0：每一解释池只有一种解释"),
    "kappa-value": Both("one value, to be set", "取一个值，自行设定"),
    "kappa-none": Both("no pooling: every case by itself", "不合并：各案例独立"),
    "levels": Both("How far each level shares its explanation", "各层次共有解释的程度"),
    "level-common": Both("all cases", "全部案例"),
    "level-own": Both("no other case", "不与其他案例共有"),
    "doubt": Both("Doubt about the evidence", "对证据的怀疑"),
    "selectivity": Both(
        "Probability that evidence against an explanation was left out", "不利于某种解释的证据被略去的概率"
    ),
    "favours": Both("Which explanation", "哪种解释"),
    "reliability": Both("Sources may be wrong, as stated", "来源可能有误（按所述可靠性）"),
    "redundancy": Both("Observations of a cluster partly repeat one another", "同一证据簇的观察部分重复"),
    "coders": Both("Coders", "编码者"),
    "coders-note": Both(
        "Panels of coders that this result holds: all, and those that `bayestrace sensitivity` has fitted.",
        "本结果所含的编码者组合：全体，以及`bayestrace sensitivity`已拟合的组合。",
    ),
    "coders-elsewhere": Both(
        "Of so many cases the page holds the fit of all coders only. `bayestrace update --coders A,B` fits some of "
        "them.",
        "案例如此之多时，网页只含全体编码者的拟合；`bayestrace update --coders A,B`可只拟合其中几名。",
    ),
    "changes": Both("What differs from the report", "与报告的不同之处"),
    "nothing": Both("Nothing yet.", "尚无改动。"),
    "reset": Both("Reset all", "全部复原"),
    "link": Both("Copy a link to these settings", "复制此设定的链接"),
    "save-profile": Both("Save prior and pooling as a profile", "将先验与合并存为先验设定文件"),
    "save-coding": Both("Save weights as a coding", "将权重存为编码文件"),
    "save-note": Both(
        "A profile goes into the study's folder `priors/`, a coding into `evidence/codings/`, with its coder named in "
        "`study.yaml`; then `bayestrace update --profile NAME` fits with it.",
        "先验设定文件放入研究文件夹的`priors/`，编码文件放入`evidence/codings/`并在`study.yaml`中写明该编码者；"
        "随后以`bayestrace update --profile NAME`拟合。",
    ),
    "bar": Both("Answer under your settings", "按您的设定所得的结论"),
}

#: Words that the script says, fields in braces.
SPOKEN: dict[str, Both] = {
    "leads": Both("{leader} leads with {p}", "{leader}居首，{p}"),
    "led": Both("; reported: {leader}, {p}", "；报告所述：{leader}，{p}"),
    "tied": Both(
        "No explanation leads: {leader} are equally probable, {p} each", "没有解释居首：{leader}同样可能，概率均为{p}"
    ),
    "were-tied": Both("; reported: {leader} equally probable, {p} each", "；报告所述：{leader}同样可能，概率均为{p}"),
    "no-single": Both("no single one", "无居首者"),
    "same": Both(", as reported", "，与报告一致"),
    "pair": Both("{name}: {what}", "{name}：{what}"),
    "flip": Both("another explanation leads", "居首解释改变"),
    "turned": Both(
        "Cases in which another explanation leads than reported: {n} of {cases}",
        "居首解释与报告不同的案例：{cases}个中有{n}个",
    ),
    "draws": Both(
        "Draws reweighted: Pareto k = {k}, worth {ess} of {draws} draws.",
        "抽样重新加权：帕累托k = {k}，相当于{draws}次抽样中的{ess}次。",
    ),
    "draws-pools": Both(
        "Draws of the pools reweighted: Pareto k = {k}, worth {ess} of {draws} draws.",
        "解释池抽样重新加权：帕累托k = {k}，相当于{draws}次抽样中的{ess}次。",
    ),
    "doubtful": Both(
        "The draws do not reach this setting (Pareto k = {k}, worth {ess} of {draws} draws); take the figures for a "
        "hint only. Save the settings and run: {command}",
        "抽样不足以代表此设定（帕累托k = {k}，相当于{draws}次抽样中的{ess}次），所得数字仅供参考。"
        "请保存设定并运行：{command}",
    ),
    "changed-prior": Both("prior", "先验"),
    "changed-pooling": Both("pooling", "合并"),
    "changed-selectivity": Both(
        "evidence against {name} left out with probability {p}", "不利于{name}的证据以{p}的概率被略去"
    ),
    "changed-reliability": Both("all sources taken to be right", "视全部来源为属实"),
    "changed-redundancy": Both("no observation repeats another", "视观察之间互不重复"),
    "changed-coders": Both("coders: {names}", "编码者：{names}"),
    "changed-weight": Both("weight by {coder}: {title}", "{coder}的权重：{title}"),
    "changed-without": Both("left out: {title}", "略去：{title}"),
    "changed-cluster": Both("left out, whole cluster: {title}", "略去整个证据簇：{title}"),
    "undo": Both("Undo: {what}", "撤销：{what}"),
    "count-one": Both("1 change", "1处改动"),
    "count": Both("{n} changes", "{n}处改动"),
    "leave-out": Both("Leave out", "略去"),
    "take-in": Both("Take in again", "重新计入"),
    "leave-cluster": Both("Leave the whole cluster out", "略去整个证据簇"),
    "left-out": Both("left out", "已略去"),
    "edit": Both("Change weights", "改写权重"),
    "done": Both("Done", "完成"),
    "own": Both("Your own", "您的编码"),
    "cell": Both("{coder}: weight over {rival}, in decibels", "{coder}：相对于{rival}的权重（分贝）"),
    "not-a-weight": Both("A weight is a number of decibels from −300 to 300.", "权重应为−300至300之间的分贝数。"),
    "copied": Both("The link is in the clipboard.", "链接已复制。"),
    "in-address": Both("The link stands in the address bar.", "链接见地址栏。"),
    "link-partly": Both(
        "Part of this link is not of this report and was passed over: {parts}",
        "链接中有部分内容与本报告不符，已略过：{parts}",
    ),
    "saved": Both("Saved: {file}", "已保存：{file}"),
    "take": Both("Download", "下载"),
    "take-name": Both("Download as {format}: {title}", "下载为{format}：{title}"),
    "take-table": Both("The same as a table", "以表格显示"),
    "take-case": Both("Case", "案例"),
    "take-under": Both("{name}: {part}", "{name}：{part}"),
    "take-low": Both("{name}: low", "{name}：下限"),
    "take-high": Both("{name}: high", "{name}：上限"),
    "take-explanation": Both("Explanation", "解释"),
    "take-reported": Both("as reported", "报告所述"),
    "take-now": Both("under your settings", "您的设定"),
    "take-probabilities": Both("Probabilities (CSV)", "概率（CSV）"),
    "take-evidence": Both("Evidence and weights (CSV)", "证据与权重（CSV）"),
    "take-all": Both("Both, with what they were made from (JSON)", "二者及其依据（JSON）"),
    "take-whole": Both("The study (JSON)", "研究全文（JSON）"),
    "take-study": Both(
        "The study is all that this report was made from, in every language that it has: explanations, cases, "
        "evidence, sources, priors, each coder's weights and reasons. The SHA-256 of its file is the digest shown "
        "above. It stands for the study's folder: bayestrace update bayestrace-study.json",
        "研究全文即本报告所依据的全部内容，含其各语言文本：解释、案例、证据、来源、先验，以及各编码者的权重与理由。"
        "所下载文件的SHA-256即上文所示的研究摘要值。该文件可代替研究文件夹：bayestrace update bayestrace-study.json",
    ),
    "take-study-not": Both(
        "The study cannot be handed out: the text of this page was changed after it was made, perhaps by a program "
        "that translates pages. Open the file again without that program.",
        "无法提供研究全文：本页文字在生成之后被改动，或系网页翻译程序所致。请停用该程序后重新打开文件。",
    ),
    "profile-name": Both("Reader's settings", "读者设定"),
    "profile-why": Both("Set in the report.", "在报告中设定。"),
    "list": Both(", ", "、"),
}
