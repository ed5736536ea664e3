# For every interactive bash.
[ "$PS1" ] || return
PS1='\u@\h:\w\$ '
HISTCONTROL=ignoreboth
shopt -s checkwinsize histappend
alias ls='ls --color=auto' grep='grep --color=auto'

# Completion. Reading bash-completion's library costs this machine half a second, so it waits until a completion calls it:
# names of files do not, nor do util-linux's programs.
_read_completion_library() {
  unset -f _read_completion_library _init_completion
  . /usr/share/bash-completion/bash_completion
}
_init_completion() {
  _read_completion_library
  _init_completion "$@"
}
_find_completion() {
  local own=/usr/share/bash-completion/completions/${1##*/}
  shopt -s extglob
  [[ -r $own ]] && . "$own" && return 124
  [[ $2 == -* ]] || return
  _read_completion_library
  # Some commands it completes by itself. For others its loader goes on in the same call: bash gives up when two default
  # completions in a row ask it to try again.
  complete -p -- "$1" &>/dev/null && return 124
  _completion_loader "$@"
}
complete -D -F _find_completion -o bashdefault -o default
complete -d cd
