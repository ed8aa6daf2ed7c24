"""Word what stops work that is handed to other machines."""

from bayestrace.messages.wording import Both

ELSEWHERE: dict[str, Both] = {
    "dask-missing": Both(
        "--scheduler needs Dask, which is not installed here; install it with: pip install 'bayestrace[dask]'",
        "--scheduler 需要 Dask，而此处未安装；请运行：pip install 'bayestrace[dask]'",
    ),
    "scheduler-and-jobs": Both(
        "--jobs counts processes on this machine, and --scheduler gives the work to others; give one of them.",
        "--jobs 指本机的进程数，--scheduler 则把工作交给其他机器；二者只能选一。",
    ),
    "no-scheduler": Both(
        "No scheduler of Dask answered at {address} within {seconds} seconds; expected an address such as "
        "tcp://host:8786, where `dask scheduler` is running. Check the address and the firewall, or leave out "
        "--scheduler to work on this machine.",
        "{seconds} 秒内，{address} 处没有 Dask 调度器应答；应为正在运行 `dask scheduler` 的地址，如 "
        "tcp://host:8786。请检查地址和防火墙，或去掉 --scheduler 在本机计算。",
    ),
    "no-workers": Both(
        "The scheduler at {address} has no workers, and none came within {seconds} seconds; start some with: "
        "dask worker {address} --nthreads 1 --nworkers 2",
        "{address} 处的调度器没有工作进程，等候 {seconds} 秒也未出现；请启动："
        "dask worker {address} --nthreads 1 --nworkers 2",
    ),
    "workers-other": Both(
        "These workers do not run this version of bayestrace with the same Python libraries: {workers}. Numbers might "
        "differ, so nothing was given to them; install the same versions there (constraints.txt) and start them again.",
        "下列工作进程的 bayestrace 或 Python 库与本机版本不同：{workers}。所得数字可能不一致，故未向其分派工作；"
        "请在那里安装相同版本（constraints.txt）后重新启动。",
    ),
    "workers-threads": Both(
        "These workers would work on several fits at once, which takes a process for each: {workers}. Start them with "
        "--nthreads 1 and as many --nworkers as they have processors.",
        "下列工作进程会同时进行多项拟合，而每项拟合须独占一个进程：{workers}。"
        "请以 --nthreads 1 重新启动，并令 --nworkers 等于处理器数。",
    ),
    "workers-gone": Both(
        "All workers of the scheduler at {address} are gone, and none came back within {seconds} seconds; start "
        "workers and give the same command again; what was done before is kept.",
        "{address} 处调度器的工作进程已全部消失，{seconds} 秒内也未恢复；请启动工作进程后重新运行同一命令；"
        "此前完成的已保存。",
    ),
    "scheduler-gone": Both(
        "The scheduler at {address} does not answer any more; start it again with its workers and give the same "
        "command again; what was done before is kept.",
        "{address} 处的调度器不再应答；请重新启动调度器和工作进程，再运行同一命令；此前完成的已保存。",
    ),
    "work-killed": Both(
        "A piece of work was lost with every worker that tried it at {address}, perhaps for want of memory; see the "
        "workers' output, give them more memory (--memory-limit), and give the same command again; what was done "
        "before is kept.",
        "{address} 处有一项工作，凡承接它的工作进程都中途消失，可能是内存不足；请查看工作进程的输出，"
        "加大内存（--memory-limit），再运行同一命令；此前完成的已保存。",
    ),
    "work-failed": Both(
        "A piece of work failed on a worker: {fault}. The output of that worker has the particulars; what was done "
        "before is kept.",
        "一项工作在工作进程上失败：{fault}。详情见该工作进程的输出；此前完成的已保存。",
    ),
}
