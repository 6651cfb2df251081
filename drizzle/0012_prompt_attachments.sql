-- Names, sizes and media types of the files that came with a prompt; their bytes are files of the project's folder.
ALTER TABLE `turns` ADD `attachments_json` text;
