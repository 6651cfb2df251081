import { ACCOUNTANT } from './accountant.ts';
import { AGENCY } from './agency.ts';
import { APP } from './app.ts';
import { AUTHOR } from './author.ts';
import { BAKERY } from './bakery.ts';
import { BAR } from './bar.ts';
import { BICYCLES } from './bicycles.ts';
import { BLOG } from './blog.ts';
import { BOOKS } from './books.ts';
import { CERAMICS } from './ceramics.ts';
import { CLEANING } from './cleaning.ts';
import { CLINIC } from './clinic.ts';
import { COFFEE } from './coffee.ts';
import { CONFERENCE } from './conference.ts';
import { CONSTRUCTION } from './construction.ts';
import { DESIGNER } from './designer.ts';
import { FARM } from './farm.ts';
import { FASHION } from './fashion.ts';
import { GYM } from './gym.ts';
import { HOTEL } from './hotel.ts';
import { KINDERGARTEN } from './kindergarten.ts';
import { LAW } from './law.ts';
import { MUSEUM } from './museum.ts';
import { MUSIC } from './music.ts';
import { NONPROFIT } from './nonprofit.ts';
import { PHOTOGRAPHER } from './photographer.ts';
import { PLANTS } from './plants.ts';
import { PODCAST } from './podcast.ts';
import { REALESTATE } from './realestate.ts';
import { RESTAURANT } from './restaurant.ts';
import { SAAS } from './saas.ts';
import { SALON } from './salon.ts';
import { SCHOOL } from './school.ts';
import { SHOP } from './shop.ts';
import { TRAVEL } from './travel.ts';
import { VET } from './vet.ts';
import { WEDDING } from './wedding.ts';
import { YOGA } from './yoga.ts';
import type { Topic } from './topic.ts';

/** In this order a tie between topics is decided: the first wins. */
export const TOPICS: readonly Topic[] = [
  AUTHOR,
  BAKERY,
  BAR,
  BICYCLES,
  BOOKS,
  CERAMICS,
  CLINIC,
  COFFEE,
  CONFERENCE,
  CONSTRUCTION,
  CLEANING,
  DESIGNER,
  PHOTOGRAPHER,
  FARM,
  FASHION,
  GYM,
  HOTEL,
  KINDERGARTEN,
  SCHOOL,
  LAW,
  ACCOUNTANT,
  MUSEUM,
  MUSIC,
  NONPROFIT,
  PLANTS,
  PODCAST,
  BLOG,
  REALESTATE,
  RESTAURANT,
  SAAS,
  APP,
  AGENCY,
  SALON,
  SHOP,
  TRAVEL,
  VET,
  WEDDING,
  YOGA,
];
