"""The scripts by which bash, zsh and fish complete the command line; imported by a shell alone.

They differ from those of click: commands and paths are offered together, descriptions are whole,
and a file name may begin with a dash. Each asks the program for the completions of a word, a line
of type, value and description each; the shell itself completes paths.
"""

from click.shell_completion import (
    BashComplete,
    FishComplete,
    ZshComplete,
    add_completion_class,
)

BASH = """\
%(complete_func)s() {
    local IFS=$'\\n' completion type value are_paths_wanted=
    COMPREPLY=()
    for completion in $(env COMP_WORDS="${COMP_WORDS[*]}" COMP_CWORD=$COMP_CWORD \
%(complete_var)s=bash_complete $1); do
        IFS=',' read -r type value <<< "$completion"
        if [[ $type == plain ]]; then
            COMPREPLY+=("$value")
        else
            are_paths_wanted=1
        fi
    done
    if [[ $are_paths_wanted ]]; then
        compopt -o default
        if (( ${#COMPREPLY[@]} )); then
            local paths=($(compgen -f -- "${COMP_WORDS[COMP_CWORD]}"))
            (( ${#paths[@]} )) && compopt -o filenames
            COMPREPLY+=("${paths[@]}")
        fi
    fi
}

complete -o nosort -F %(complete_func)s %(prog_name)s
"""

ZSH = """\
#compdef %(prog_name)s

%(complete_func)s() {
    local type key descr are_paths_wanted=
    local -a described plain response
    (( ! $+commands[%(prog_name)s] )) && return 1
    response=("${(@f)$(env COMP_WORDS="${words[*]}" COMP_CWORD=$((CURRENT-1)) \
%(complete_var)s=zsh_complete %(prog_name)s)}")
    for type key descr in "${response[@]}"; do
        if [[ $type != plain ]]; then
            are_paths_wanted=1
        elif [[ $descr == _ ]]; then
            plain+=("$key")
        else
            described+=("$key:$descr")
        fi
    done
    (( $#described )) && _describe -t commands 'command or option' described
    (( $#plain )) && compadd -- $plain
    [[ -n $are_paths_wanted ]] && _files
    return 0
}

if [[ $zsh_eval_context[-1] == loadautofunc ]]; then
    %(complete_func)s "$@"
else
    compdef %(complete_func)s %(prog_name)s
fi
"""

FISH = """\
function %(complete_func)s
    set -l response (env %(complete_var)s=fish_complete COMP_WORDS=(commandline -cp) \
COMP_CWORD=(commandline -t) %(prog_name)s)
    for completion in $response
        set -l parts (string split -m 1 , -- $completion)
        if test $parts[1] = plain
            printf '%%s\\n' $parts[2]
        else
            complete -C "'' "(commandline -ct)
        end
    end
end

complete --no-files --command %(prog_name)s --arguments "(%(complete_func)s)"
"""


class BashScript(BashComplete):
    """Completion in bash, from version 4.4."""

    source_template = BASH


class ZshScript(ZshComplete):
    """Completion in zsh."""

    source_template = ZSH


class FishScript(FishComplete):
    """Completion in fish."""

    source_template = FISH


def register_scripts() -> None:
    """Have click use these scripts."""
    for script in (BashScript, ZshScript, FishScript):
        add_completion_class(script)
