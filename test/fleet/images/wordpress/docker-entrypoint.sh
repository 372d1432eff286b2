#!/bin/sh
# The contract is the one documented for the official image (hub.docker.com/_/wordpress): WordPress is copied to an empty
# /var/www/html, which may be a volume, and configured from WORDPRESS_* variables unless it has a wp-config.php. It does not
# wait for the database: until that answers, the page says that it does not.
set -eu

site=/var/www/html
phrase='put your unique phrase here'

copy_wordpress() {
  echo "WordPress not found in $site - copying now..." >&2
  tar --create --directory /usr/src/wordpress --owner www-data --group www-data . |
    tar --extract --directory "$site" --skip-old-files
  echo "Complete! WordPress has been successfully copied to $site" >&2
}

# Keys and salts that no variable gives are drawn now, and stay as long as the file.
write_configuration() {
  echo "No 'wp-config.php' found in $site, but 'WORDPRESS_...' variables supplied; copying 'wp-config-docker.php'" >&2
  cp /usr/src/wordpress/wp-config-docker.php "$site/wp-config.php.new"
  while grep -q "$phrase" "$site/wp-config.php.new"; do
    sed -i "0,/$phrase/s//$(head -c 64 /dev/urandom | sha1sum | cut -c1-40)/" "$site/wp-config.php.new"
  done
  chown www-data:www-data "$site/wp-config.php.new"
  mv "$site/wp-config.php.new" "$site/wp-config.php"
}

case ${1-} in
  apache2*)
    [ -e "$site/index.php" ] || [ -e "$site/wp-includes/version.php" ] || copy_wordpress
    if [ ! -s "$site/wp-config.php" ] && env | grep -q '^WORDPRESS_'; then write_configuration; fi
    ;;
esac
exec "$@"
