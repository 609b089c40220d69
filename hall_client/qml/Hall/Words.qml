pragma Singleton
pragma ComponentBehavior: Bound
import QtQuick
import HallShell

// Texts by key. Every binding that calls `say` reads `language` and so changes with it.
QtObject {
    readonly property string language: WordSource.language

    function say(key: string, values: var): string {
        return WordSource.text(key, language, values === undefined ? {} : values);
    }
}
