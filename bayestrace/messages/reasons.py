"""Say in Chinese why the system would not open or write a file; the English is the system's own."""

import errno
import os

from bayestrace.messages.wording import Lang

_ZH = {
    errno.ENOENT: "没有这个文件或文件夹",
    errno.EACCES: "没有权限",
    errno.EPERM: "系统不允许这一操作",
    errno.EISDIR: "它是文件夹，不是文件",
    errno.ENOTDIR: "路径中有一段不是文件夹",
    errno.EEXIST: "同名的文件或文件夹已经存在",
    errno.ENOSPC: "磁盘已满",
    errno.EROFS: "磁盘是只读的",
    errno.EBUSY: "正被占用",
    errno.ENAMETOOLONG: "名称过长",
    errno.ELOOP: "符号链接形成循环",
    errno.EIO: "磁盘读写出错",
}
# By the system's own words, which is what an error holds by the time that it is worded.
_BY_WORDS = {os.strerror(number): said for number, said in _ZH.items()}


def reason(said: str, lang: Lang) -> str:
    """Word what the system said; what is not known here stays as it is."""
    return _BY_WORDS.get(said, said) if lang == "zh" else said
