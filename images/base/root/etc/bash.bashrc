# For every interactive bash.
[ "$PS1" ] || return
PS1='\u@\h:\w\$ '
HISTCONTROL=ignoreboth
shopt -s checkwinsize histappend
alias ls='ls --color=auto' grep='grep --color=auto'

# bash-completion takes a while to read: at the first TAB, not before.
_read_completions() {
  complete -r -D
  . /usr/share/bash-completion/bash_completion
  return 124
}
complete -D -F _read_completions -o bashdefault -o default
