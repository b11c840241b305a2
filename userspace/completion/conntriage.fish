# SPDX-License-Identifier: GPL-2.0

# The words that are no option and no option's, the program's name first
function __conntriage_words
    set -l skip
    for word in (commandline -opc)
        if set -q skip[1]
            set -e skip[1]
        else if contains -- $word $__conntriage_takes
            set skip 1
        else if not string match -q -- '-*' $word
            echo $word
        end
    end
end

function __conntriage_no_command
    test (count (__conntriage_words)) = 1
end

# Whether the command is one of these; diagnose if none is given
function __conntriage_of
    set -l words (__conntriage_words)
    set -q words[2]; or set words[2] diagnose
    contains -- $words[2] $argv
end

# Whether this command is given, and no word behind it
function __conntriage_word_of
    set -l words (__conntriage_words)
    test (count $words) = 2 -a "$words[2]" = $argv[1]
end

# The list has one incident a line, its number first.
function __conntriage_incidents
    set -l tokens (commandline -opc)
    set -l root
    for i in (seq 2 (count $tokens))
        if contains -- $tokens[$i] -r --root; and set -q tokens[(math $i + 1)]
            set root --root $tokens[(math $i + 1)]
        else if string match -q -- '--root=*' $tokens[$i]
            set root $tokens[$i]
        end
    end
    $tokens[1] $root incidents 2>/dev/null | awk '$1 ~ /^[0-9]+$/ { print $1 }'
end

function __conntriage_offer
    switch $argv[1]
        case directory
            __fish_complete_directories (commandline -ct)
        case threshold
            printf '%s\n' $__conntriage_thresholds
        case cause
            printf '%s\n' $__conntriage_causes
        case command
            printf '%s\n' $__conntriage_commands
        case incident
            __conntriage_incidents
    end
end
